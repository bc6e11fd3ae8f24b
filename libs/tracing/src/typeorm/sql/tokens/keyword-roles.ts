/** Kinds of operations, by where their targets stand. */
export const NO_OPERATION = 0;
/** Targets come after FROM, JOIN and USING. */
export const READS = 1;
/** The target comes at once or after INTO. */
export const INTO = 2;
/** Targets come at once, up to SET. */
export const UPDATES = 3;
/** One target comes at once. */
export const NAMES = 4;
/** Targets come at once. */
export const LISTS = 5;
/** The kind of an object comes next, then its name. */
export const DEFINES = 6;
/** As DEFINES, with several names. */
export const DROPS = 7;
/** Another statement comes next. */
export const EXPLAINS = 8;
/** The target comes after ON. */
export const GRANTS = 9;
/** No target. */
export const CONTROLS = 10;

/** Other roles of a keyword, as bits. */
export const NESTED = 1;
/** Something that CREATE, ALTER and DROP define. */
export const OBJECT = 2;
/** An object whose names are of people. */
export const ACCOUNT = 4;
/** May stand between an operation and its target. */
export const MODIFIER = 8;
/** Belongs to a transaction's operation. */
export const TRANSACTION = 16;
/** Ends a list of sources. */
export const SOURCES_END = 32;
/** A name follows. */
export const BEFORE_NAME = 64;
/** Follows a column that is compared or sorted. */
export const AFTER_NAME = 128;
/** Announces a secret. */
export const SECRET = 256;
