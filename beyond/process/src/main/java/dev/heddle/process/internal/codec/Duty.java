package dev.heddle.process.internal.codec;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The work of a child, decoded: {@link Work} of its pool, or of another one, which is {@link Relayed}.
 *
 * @param codec of its result
 * @param body does it
 */
public record Duty(Codec codec, Callable<? extends @Nullable Object> body) {

    /**
     * Decodes one.
     *
     * @param loader finds classes by name
     * @throws UnreadableException if it is something else
     */
    public static Duty of(Codec codec, Frame frame, ClassLoader loader) {
        Inflow inflow = frame.inflow();
        Input in = inflow == null ? new Input(frame.content(), 0, frame.content().length) : new Input(inflow);
        return frame.kind() == MessageKind.RELAY ? Relayed.open(codec, in, loader) : open(codec, in, loader);
    }

    static Duty open(Codec codec, Input in, ClassLoader loader) {
        var work = (Work) codec.decode(in, true, loader);
        return new Duty(codec, work == null ? () -> null : work::run);
    }
}
