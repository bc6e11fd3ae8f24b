import {
  Controller,
  Get,
  HttpException,
  Inject,
  Injectable,
  Module,
  Param,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { CACHE_MANAGER, CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { ApiOkResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import type { Cache } from 'cache-manager';
import { ClsModule, ClsService, InjectableProxy } from 'nestjs-cls';
import { TracingModule } from 'nestjs-tracing';
import { Column, Entity, PrimaryGeneratedColumn, Repository } from 'typeorm';

@Entity()
class Item {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  name!: string;
}

@InjectableProxy()
class CurrentUser {
  name = 'nobody';
}

class ItemRepository extends Repository<Item> {
  named(name: string): Promise<Item[]> {
    return this.find({ where: { name }, order: { id: 'ASC' } });
  }
}

@Injectable()
class ItemsService {
  constructor(
    @InjectRepository(Item) private readonly items: Repository<Item>,
    private readonly own: ItemRepository,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    private readonly config: ConfigService,
    private readonly cls: ClsService,
    private readonly user: CurrentUser,
  ) {}

  async add(name: string): Promise<object> {
    this.user.name = name;
    await this.cache.set(name, `${this.config.get('PREFIX')}-${name}`);
    const { id } = await this.items.save({ name });
    return { id, user: this.user.name, hasId: typeof this.cls.getId() === 'string' };
  }

  async find(name: string): Promise<object> {
    const found = await this.own.named(name);
    return { found, cached: await this.cache.get(name), user: this.user.name };
  }

  fail(name: string): never {
    throw new HttpException({ name, where: framesOf(new Error(name)) }, 418);
  }
}

@Controller('items')
@UseGuards(ThrottlerGuard)
class ItemsController {
  constructor(private readonly items: ItemsService) {}

  @Get('add/:name')
  @ApiOkResponse({ description: 'added' })
  add(@Param('name') name: string): Promise<object> {
    return this.items.add(name);
  }

  @Get('find/:name')
  find(@Param('name') name: string): Promise<object> {
    return this.items.find(name);
  }

  @Get('cached/:name')
  @UseInterceptors(CacheInterceptor)
  cached(@Param('name') name: string): Promise<object> {
    return this.items.find(name);
  }

  @Get('fail/:name')
  fail(@Param('name') name: string): never {
    return this.items.fail(name);
  }
}

@Controller('health')
class HealthController {
  constructor(private readonly health: HealthCheckService) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => ({ items: { status: 'up' } })]);
  }
}

/** The application's own frames in a stack, by what they are called. */
function framesOf({ stack = '' }: Error): string[] {
  const own = stack.split('\n').filter((line) => line.includes('library-app'));
  return own.flatMap((line) => /at (Items\w+\.\w+)/.exec(line)?.[1] ?? []);
}

/** An application that leans on many libraries, with automatic spans or without. */
export async function startLibraryApp(autoTrace: boolean): Promise<INestApplication> {
  @Module({
    imports: [
      TracingModule.forRoot({
        watchdog: false,
        autoTrace: autoTrace && { enhancers: true },
        exporter: 'none',
        http: { outgoing: false },
      }),
      ClsModule.forRoot({ global: true, middleware: { mount: true, generateId: true } }),
      ClsModule.forFeature(CurrentUser),
      CacheModule.register(),
      ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ PREFIX: 'kept' })] }),
      TypeOrmModule.forRoot({ type: 'sqljs', entities: [Item], synchronize: true }),
      TypeOrmModule.forFeature([Item]),
      TerminusModule,
      ThrottlerModule.forRoot([{ ttl: 60_000, limit: 15 }]),
    ],
    controllers: [ItemsController, HealthController],
    providers: [
      ItemsService,
      {
        provide: ItemRepository,
        useFactory: ({ target, manager }: Repository<Item>) => new ItemRepository(target, manager),
        inject: ['ItemRepository'],
      },
      { provide: 'ALIAS', useExisting: ItemsService },
    ],
  })
  class LibraryModule {}
  const app = await NestFactory.create(LibraryModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
}

/** What is told of an application without a request: its documentation, and who is who. */
export function describeApp(app: INestApplication): object {
  const items = app.get(ItemsService);
  return {
    swagger: SwaggerModule.createDocument(app, new DocumentBuilder().build()),
    isSame: app.get('ALIAS') === items,
    isOne: items instanceof ItemsService && items.constructor === ItemsService,
    keys: [Object.keys(items), Object.keys(ItemsService.prototype)],
    methods: Object.getOwnPropertyNames(ItemsController.prototype),
    metadata: Object.getOwnPropertyNames(ItemsController.prototype)
      .filter((name) => name !== 'constructor')
      .map((name) => {
        const method = (ItemsController.prototype as unknown as Record<string, object>)[name]!;
        return [name, (Reflect.getMetadataKeys(method) as unknown[]).map(String)];
      }),
  };
}
