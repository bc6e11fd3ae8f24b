import { Field, ObjectType } from '@nestjs/graphql';

/** What the shards know about a key, as the schema has it. */
@ObjectType('Lookup')
export class LookupType {
  @Field(() => String)
  readonly key!: string;

  @Field(() => [String])
  readonly values!: readonly string[];
}
