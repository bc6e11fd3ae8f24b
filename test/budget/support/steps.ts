import { Controller, Get, Injectable, Param, ParseIntPipe } from '@nestjs/common';

/** So many methods of one kind. */
export const NAMES = 100;

@Injectable()
export class Steps {
  same(value: number): number {
    return value;
  }

  async later(value: number): Promise<number> {
    await Promise.resolve();
    return this.same(value);
  }
}

/** A class of very many methods: `outer7` calls `inner7`. */
@Injectable()
export class Many {
  [name: string]: (value: number) => number;
}
for (let index = 0; index < NAMES; index += 1) {
  define(`inner${index}`, (value) => value);
  define(`outer${index}`, function (value) {
    return this[`inner${index}`]!(value);
  });
}

@Controller()
export class StepsController {
  constructor(
    private readonly steps: Steps,
    private readonly many: Many,
  ) {}

  @Get('names')
  names(): number {
    return sumOf(NAMES, (index) => this.many[`inner${index}`]!(index));
  }

  @Get('nested')
  nested(): number {
    return sumOf(NAMES, (index) => this.many[`outer${index}`]!(index));
  }

  @Get('same')
  same(): number {
    return sumOf(NAMES, (index) => this.steps.same(index));
  }

  @Get('later')
  async later(): Promise<number> {
    const all = Array.from({ length: NAMES }, (_, index) => this.steps.later(index));
    return (await Promise.all(all)).reduce((sum, value) => sum + value, 0);
  }

  @Get('hot/:calls')
  hot(@Param('calls', ParseIntPipe) calls: number): number {
    return sumOf(calls, (index) => this.steps.same(index % 2));
  }

  @Get('hot-later/:calls')
  async hotLater(@Param('calls', ParseIntPipe) calls: number): Promise<number> {
    let sum = 0;
    for (let index = 0; index < calls; index += 1) sum += await this.steps.later(index % 2);
    return sum;
  }

  @Get('hot-names/:calls')
  hotNames(@Param('calls', ParseIntPipe) calls: number): number {
    return sumOf(calls, (index) => this.many[`inner${index % NAMES}`]!(index % 2));
  }
}

function define(name: string, method: (this: Many, value: number) => number): void {
  Object.defineProperty(Many.prototype, name, {
    value: method,
    configurable: true,
    writable: true,
  });
}

function sumOf(count: number, call: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += call(index);
  return sum;
}
