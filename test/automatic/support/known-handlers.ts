import { Controller, Get, Injectable, Module, Param, UseInterceptors } from '@nestjs/common';
import type { CallHandler, CanActivate, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { APP_GUARD } from '@nestjs/core';
import {
  Args,
  Field,
  GraphQLModule,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Traced, TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import type { Observable } from 'rxjs';

/** The functions that a decorator of the application has seen. */
const open = new WeakSet<object>();

/** Opens a handler, by its function. */
export function Open(): MethodDecorator {
  return (_target, _key, descriptor) => {
    open.add(descriptor.value as object);
  };
}

/** Lets those handlers be called that are open. */
@Injectable()
class OpenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return open.has(context.getHandler());
  }
}

@Injectable()
class SameInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!open.has(context.getHandler())) throw new Error('another function');
    return next.handle();
  }
}

@Controller('open')
@UseInterceptors(SameInterceptor)
export class OpenController {
  @Open()
  @Get('by/:id')
  find(@Param('id') id: string): string {
    return `order ${id}`;
  }

  @Open()
  @Get('traced')
  @Traced()
  traced(): string {
    return 'traced';
  }

  @Get('closed')
  closed(): string {
    return 'closed';
  }

  @Open()
  @MessagePattern('open')
  answer(@Payload() id: string): string {
    return `order ${id}`;
  }

  @MessagePattern('closed')
  refused(): string {
    return 'closed';
  }
}

@WebSocketGateway()
@UseInterceptors(SameInterceptor)
export class OpenGateway {
  @Open()
  @SubscribeMessage('open')
  order(@MessageBody() id: string): string {
    return `order ${id}`;
  }
}

@ObjectType()
class OpenOrder {
  @Field()
  name!: string;
}

@Resolver(() => OpenOrder)
@UseInterceptors(SameInterceptor)
export class OpenResolver {
  @Open()
  @Query(() => OpenOrder)
  open(@Args('id') id: string): OpenOrder {
    return { name: `order ${id}` };
  }

  @Query(() => String)
  closed(): string {
    return 'closed';
  }

  @ResolveField(() => Number)
  size(@Parent() { name }: OpenOrder): number {
    return name.length;
  }
}

/** An application whose guard knows its handlers by their functions. */
export function openModule(tracing: TracingModuleOptions) {
  @Module({
    imports: [
      TracingModule.forRoot({ watchdog: false, ...tracing }),
      GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
    ],
    controllers: [OpenController],
    providers: [OpenGateway, OpenResolver, { provide: APP_GUARD, useClass: OpenGuard }],
  })
  class OpenModule {}
  return OpenModule;
}
