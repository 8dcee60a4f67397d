package dev.heddle.process.shared;

import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;

/**
 * The answer to a call: how it ended.
 *
 * @param kind how
 * @param holding whether the manager must hear of the end of the caller, who holds a mutex
 * @param content what belongs to the kind; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Answer(MessageKind kind, boolean holding, byte[] content) {

    /** The manager, or the connection to it, has ended. */
    static final Answer CLOSED = of(MessageKind.CLOSED);

    static Answer of(MessageKind kind) {
        return new Answer(kind, false, Frame.NOTHING);
    }

    Answer holding(boolean held) {
        return held == holding ? this : new Answer(kind, held, content);
    }
}
