package dev.heddle.http.internal.server;

import dev.heddle.io.ByteStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A switch to another protocol with something to do when that is over, or does not begin. */
public final class EndedSwitch implements ProtocolSwitch {

    private final ProtocolSwitch next;

    /** Null once it has been done. */
    private @Nullable Consumer<Optional<Throwable>> onEnd;

    /** What it has failed with. */
    private @Nullable Throwable failure;

    public EndedSwitch(ProtocolSwitch next, Consumer<Optional<Throwable>> onEnd) {
        this.next = next;
        this.onEnd = onEnd;
    }

    /** Whether it is one or is made of it. */
    boolean owns(ProtocolSwitch other) {
        return this == other || next == other || (next instanceof EndedSwitch inner && inner.owns(other));
    }

    @Override
    public void run(ByteStream stream) {
        try {
            next.run(stream);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            release();
        }
    }

    /** It is over; does nothing the second time. */
    void release() {
        Consumer<Optional<Throwable>> now = onEnd;
        onEnd = null;
        try {
            if (next instanceof EndedSwitch inner) {
                inner.release();
            }
        } finally {
            if (now != null) {
                now.accept(Optional.ofNullable(failure));
            }
        }
    }

    @Override
    public String protocol() {
        return next.protocol();
    }

    @Override
    public String phase() {
        return next.phase();
    }

    @Override
    public String label() {
        return next.label();
    }

    @Override
    public void stopping() {
        next.stopping();
    }
}
