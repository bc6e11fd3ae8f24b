import {
  Column,
  DeleteDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
} from 'typeorm';

@Entity()
export class Label {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar' })
  text!: string;
}

@Entity()
export class Customer {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 100, unique: true })
  email!: string;

  @Column({ type: 'int', default: 0 })
  visits!: number;

  @OneToMany(() => Order, (order) => order.customer)
  orders!: Order[];

  @DeleteDateColumn()
  deletedAt!: Date | null;
}

@Entity()
export class Order {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 100 })
  title!: string;

  @ManyToOne(() => Customer, (customer) => customer.orders)
  customer!: Customer;

  @ManyToMany(() => Label)
  @JoinTable()
  labels!: Label[];
}

@Entity()
export class Visit {
  @PrimaryGeneratedColumn()
  id!: number;
}

/** Everything that the end-to-end tests store. */
export const ENTITIES = [Customer, Order, Label, Visit];
