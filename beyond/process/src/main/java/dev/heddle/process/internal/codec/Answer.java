package dev.heddle.process.internal.codec;

import dev.heddle.io.LimitExceededException;
import dev.heddle.process.CannotTravelException;
import dev.heddle.process.RemoteFailedException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answer to work or to a call: how it ended.
 *
 * @param kind how
 * @param holding whether a manager must hear of the end of the caller, who holds a mutex
 * @param content what belongs to the kind; never changed
 */
public record Answer(MessageKind kind, boolean holding, Output content) {

    /** The manager, or the connection to it, has ended. */
    public static final Answer CLOSED = of(MessageKind.CLOSED);

    /** One that needs no content. */
    public static Answer of(MessageKind kind) {
        return new Answer(kind, false, Output.NOTHING);
    }

    /** As it came from the other process. */
    public static Answer of(Frame frame) {
        return new Answer(frame.kind(), frame.holding(), Output.of(frame.content()));
    }

    /**
     * The answer with a result, or that it cannot be sent.
     *
     * @param borrow as of {@link Codec#write}
     */
    public static Answer ofResult(Codec codec, @Nullable Object result, boolean borrow) {
        try {
            return new Answer(MessageKind.RESULT, false, codec.write("the result", false, result, borrow));
        } catch (CannotTravelException e) {
            byte[] why = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
            return new Answer(MessageKind.CANNOT_TRAVEL, false, Output.of(why));
        } catch (LimitExceededException e) {
            return of(MessageKind.TOO_LONG);
        }
    }

    /** The answer that tells of a failure. */
    public static Answer ofFailure(Codec codec, Throwable failure) {
        return new Answer(MessageKind.FAILURE, false, Output.of(FailureParcel.encode(codec, failure)));
    }

    /** The same of a caller who holds a mutex, or does not. */
    public Answer holding(boolean held) {
        return held == holding ? this : new Answer(kind, held, content);
    }

    /**
     * The result that is in it.
     *
     * @param from who gave it, for people
     * @param loader finds classes by name
     * @throws UnreadableException if it cannot be read
     * @throws Throwable the failure of there, with the stack of there as its cause, or why there is no result
     */
    public @Nullable Object open(String from, Codec codec, ClassLoader loader) throws Throwable {
        byte[] bytes = content.toBytes();
        return switch (kind) {
            case RESULT -> bytes.length == 0 ? null : codec.decode(bytes, 0, false, loader);
            case TOO_LONG -> throw Output.tooLong(codec.maxBytes());
            case CANNOT_TRAVEL -> throw new CannotTravelException(new String(bytes, StandardCharsets.UTF_8));
            case FAILURE -> throw codec.decode(bytes, 0, false, loader) instanceof FailureParcel parcel
                    ? parcel.unpackHere("in " + from, loader)
                    : new RemoteFailedException("what " + from + " answered is no failure", null);
            default -> throw new IllegalStateException("an answer of kind " + kind);
        };
    }
}
