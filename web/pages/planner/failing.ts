// What becomes of a stroke that was not done, by the kind of the problem; whatever is not named here is told and dropped.

export const AGAIN_MS = 4000;

/** The service cannot be reached or has no time: strokes wait for it. */
export const LATER = ["unreachable", "unavailable", "database-unavailable", "too-many-requests"];

/** Nobody is signed in, or somebody else: strokes wait for whose they are. */
export const NOT_HERE = ["not-signed-in", "csrf"];

/** A fault of the service itself, often gone when it is asked again: tried so many times. */
export const FAULT = "unexpected";
export const FAULTS_BORNE = 3;

/** Takes back or repeats whatever was done last: not to be sent when that is somebody else's work. */
export const OF_LAST = ["undo", "redo"];
