import {
  Catch,
  Controller,
  Get,
  Injectable,
  Module,
  Param,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type {
  ArgumentsHost,
  CallHandler,
  CanActivate,
  ExceptionFilter,
  ExecutionContext,
  MiddlewareConsumer,
  NestInterceptor,
  NestModule,
  PipeTransform,
} from '@nestjs/common';
import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Reflector } from '@nestjs/core';
import { CommandBus, CommandHandler, CqrsModule, EventBus, EventsHandler } from '@nestjs/cqrs';
import type { ICommandHandler, IEventHandler } from '@nestjs/cqrs';
import { Args, Field, GraphQLModule, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { map, of } from 'rxjs';
import type { Observable } from 'rxjs';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';

class RefusedError extends Error {}

@Injectable()
class OrdersService {
  find(id: string): string {
    if (id === 'bad') throw new RefusedError('no such order');
    return `order ${this.clean(id)}`;
  }

  clean(id: string): string {
    return id.trim();
  }
}

@Injectable()
class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    return this.reflector.get<string[]>('roles', context.getHandler()).includes('buyer');
  }
}

@Injectable()
class WrapInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler<string>): Observable<string> {
    return next.handle().pipe(map((value) => (typeof value === 'string' ? `<${value}>` : value)));
  }
}

@Injectable()
class TrimPipe implements PipeTransform<unknown, unknown> {
  constructor(private readonly orders: OrdersService) {}

  transform(value: unknown): unknown {
    return typeof value === 'string' ? this.orders.clean(value) : value;
  }
}

@Catch(RefusedError)
class RefusedFilter implements ExceptionFilter<RefusedError> {
  catch({ message }: RefusedError, host: ArgumentsHost): unknown {
    if (host.getType() !== 'http') return of(`refused: ${message}`);
    const response = host.switchToHttp().getResponse<{
      status(code: number): { send(body: string): void };
    }>();
    response.status(409).send(message);
    return undefined;
  }
}

const Roles = SetMetadata('roles', ['buyer']);

class CreateOrder {
  constructor(readonly id: string) {}
}

class OrderCreated {
  constructor(readonly id: string) {}
}

@CommandHandler(CreateOrder)
class CreateOrderHandler implements ICommandHandler<CreateOrder> {
  constructor(
    private readonly orders: OrdersService,
    private readonly events: EventBus,
  ) {}

  async execute({ id }: CreateOrder): Promise<string> {
    this.events.publish(new OrderCreated(id));
    return Promise.resolve(this.orders.find(id));
  }
}

@EventsHandler(OrderCreated)
class OrderCreatedHandler implements IEventHandler<OrderCreated> {
  constructor(private readonly orders: OrdersService) {}

  handle({ id }: OrderCreated): void {
    this.orders.clean(id);
  }
}

@Controller('orders')
@UseGuards(RolesGuard)
@UseInterceptors(WrapInterceptor)
@UseFilters(RefusedFilter)
class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly commands: CommandBus,
  ) {}

  @Get('created/:id')
  @Roles
  create(@Param('id') id: string): Promise<string> {
    return this.commands.execute(new CreateOrder(id));
  }

  @Get(':id')
  @Roles
  find(@Param('id', TrimPipe) id: string): string {
    return this.orders.find(id);
  }

  @MessagePattern('order')
  @Roles
  answer(@Payload(TrimPipe) id: string): string {
    return this.orders.find(id);
  }
}

@WebSocketGateway()
@UseGuards(RolesGuard)
@UseInterceptors(WrapInterceptor)
@UseFilters(RefusedFilter)
class OrdersGateway {
  constructor(private readonly orders: OrdersService) {}

  @SubscribeMessage('order')
  @UsePipes(TrimPipe)
  @Roles
  order(@MessageBody() id: string): string {
    return this.orders.find(id);
  }

  handleConnection(): void {
    this.orders.clean('connected');
  }
}

@ObjectType()
class Order {
  @Field()
  name!: string;
}

@Resolver(() => Order)
@UseGuards(RolesGuard)
class OrdersResolver {
  constructor(private readonly orders: OrdersService) {}

  @Query(() => Order)
  @Roles
  order(@Args('id', TrimPipe) id: string): Order {
    return { name: this.orders.find(id) };
  }
}

@Injectable()
class TagMiddleware {
  use(_: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) {
    response.setHeader('x-tag', 'tagged');
    next();
  }
}

/** An application with every way in. */
export function shopModule(tracing: TracingModuleOptions | undefined) {
  @Module({
    imports: [
      ...(tracing === undefined ? [] : [TracingModule.forRoot({ watchdog: false, ...tracing })]),
      CqrsModule.forRoot(),
      GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
    ],
    controllers: [OrdersController],
    providers: [
      OrdersService,
      OrdersGateway,
      OrdersResolver,
      CreateOrderHandler,
      OrderCreatedHandler,
    ],
  })
  class ShopModule implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(TagMiddleware).forRoutes(OrdersController);
    }
  }
  return ShopModule;
}
