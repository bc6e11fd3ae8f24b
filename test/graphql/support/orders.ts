import { setTimeout as sleep } from 'node:timers/promises';
import {
  ForbiddenException,
  Injectable,
  NotFoundException,
  Scope,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import type { CallHandler, CanActivate, ExecutionContext, NestInterceptor } from '@nestjs/common';
import {
  Args,
  Context,
  Field,
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { trace } from '@opentelemetry/api';
import type { Observable } from 'rxjs';

const tracer = trace.getTracer('test');

/** Some work, as a statement would be. */
export async function work(name: string): Promise<void> {
  await sleep(1);
  tracer.startSpan(name).end();
}

export function mark(name: string): void {
  tracer.startSpan(name).end();
}

@ObjectType()
export class User {
  @Field(() => ID)
  id!: string;
}

@ObjectType()
export class Order {
  @Field(() => ID)
  id!: string;

  @Field(() => User)
  user?: User;

  @Field()
  total?: number;
}

@Injectable()
export class Guard implements CanActivate {
  canActivate(): boolean {
    mark('guard');
    return true;
  }
}

@Injectable()
export class Refusal implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Injectable()
class Interceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    mark('interceptor');
    return next.handle();
  }
}

export const failure = new RangeError('no such table');

@Resolver(() => Order)
export class OrdersResolver {
  @Query(() => [Order])
  @UseGuards(Guard)
  @UseInterceptors(Interceptor)
  async orders(@Args('first', { type: () => Number }) first: number): Promise<Order[]> {
    await work('select orders');
    return Array.from({ length: first }, (_, at) => ({ id: String(at) }));
  }

  @Query(() => Order)
  async order(@Args('id') id: string): Promise<Order> {
    await work(`select order ${id}`);
    return { id };
  }

  @Query(() => Order, { nullable: true })
  async broken(): Promise<Order> {
    await work('select');
    throw failure;
  }

  @Query(() => Order, { nullable: true })
  async missing(): Promise<Order> {
    await work('select');
    throw new NotFoundException('no such order');
  }

  @Query(() => Order, { nullable: true })
  @UseGuards(Refusal)
  refused(): Order {
    return { id: 'never' };
  }

  @Query(() => String)
  alive(): string {
    return 'yes';
  }

  @Mutation(() => Order)
  async placeOrder(@Args('id') id: string): Promise<Order> {
    await work(`insert ${id}`);
    return { id };
  }

  @ResolveField(() => User)
  async user(@Parent() { id }: Order): Promise<User> {
    await work(`select user ${id}`);
    return { id: `user ${id}` };
  }

  /** Without parameters of decorators Nest calls it directly. */
  @ResolveField(() => Number)
  total(order: Order): number {
    mark(`total ${order.id}`);
    return 1;
  }
}

@Resolver(() => User)
export class UsersResolver {
  @Query(() => User)
  me(@Context() context: object): User {
    mark('me');
    return { id: String(typeof context) };
  }
}

/** Made for each request. */
@Resolver(() => User)
@Injectable({ scope: Scope.REQUEST })
export class SessionResolver {
  constructor() {
    mark('made');
  }

  @Query(() => String)
  async session(): Promise<string> {
    await work('select session');
    return 'session';
  }

  @Query(() => String, { nullable: true })
  async forbidden(): Promise<string> {
    await Promise.resolve();
    throw new ForbiddenException();
  }
}
