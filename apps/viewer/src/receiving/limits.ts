/**
 * What one sender may cost. A body beside its decoded message is what a request holds, so memory is
 * bounded by {@link MAX_PENDING_BYTES} and by one message of {@link MAX_PARTS} at a time.
 */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** All bodies together that are still on their way. */
export const MAX_PENDING_BYTES = 4 * MAX_BODY_BYTES;

/** Objects, lists and fields in one message: a pair of brackets of two bytes becomes a hundred. */
export const MAX_PARTS = 1_000_000;

/** How deep attribute values may lie in each other. */
export const MAX_VALUE_DEPTH = 32;

/** How deep messages of the wire may: two for each value, and those around it. */
export const MAX_WIRE_DEPTH = 2 * MAX_VALUE_DEPTH + 8;

/** Values of one span, log line or resource, those within each other too; further ones are left out. */
export const MAX_RECORD_VALUES = 4_096;

/** Characters of all its keys and values. */
export const MAX_RECORD_CHARS = 512 * 1024;

/** Characters of one text; longer ones are cut. */
export const MAX_TEXT_CHARS = 32 * 1024;

/** Characters of one line on standard input; longer ones are cut. */
export const MAX_LINE_CHARS = 1024 * 1024;

/** For each of the two ports. */
export const MAX_CONNECTIONS = 256;

/** For each connection of gRPC. */
export const MAX_CONCURRENT_CALLS = 64;

/** How long a connection of gRPC may be without a call. */
export const MAX_IDLE_MILLIS = 300_000;

/** How long the other side may take to close a connection that we have closed. */
export const LINGER_MILLIS = 1_000;

/** A file that is imported; one at a time. */
export const MAX_IMPORT_BYTES = 64 * 1024 * 1024;

/** Objects, lists and fields of a file. */
export const MAX_IMPORT_PARTS = 8_000_000;
