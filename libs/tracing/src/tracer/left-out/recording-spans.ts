import { processSlot } from '../../process-slot.js';

const own = { count: 0 };

/**
 * How many spans of ours record in this process, whichever copy of the package has made them. A reset does
 * not forget them: they are going to end.
 */
export const recordingSpans = processSlot('recording spans', () => own).current;
