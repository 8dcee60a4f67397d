package dev.heddle.net;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.Transport;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A count of what a listener has accepted, for those who want to see it; the listener itself comes first. Streams that were given
 * to a user are not held back from the garbage collector. For the listener's loop, but {@link #loop}, {@link
 * #byLoop}, {@link #isOver} and {@link #figures}.
 */
final class Accepted {

    private final Loop loop;
    private final Kernel kernel = Kernel.get();
    private final Listener listener;
    private final Connections<Connections.Link> all = new Connections<>();
    private final ReferenceQueue<Transport> gone = new ReferenceQueue<>();
    private final Listening listening;
    private long accepted;
    private boolean closed;

    Accepted(Listener listener, Loop loop) {
        this.listener = listener;
        this.loop = loop;
        this.listening = new Listening();
        all.add(listening);
    }

    Loop loop() {
        return loop;
    }

    Map<Loop, Connections<?>> byLoop() {
        return Map.of(loop, all);
    }

    /** Whether nothing is left to be seen. */
    boolean isOver() {
        return all.isEmpty() || loop.isClosed();
    }

    Connections.Figures figures() {
        return new Connections.Figures(all.size() - (closed ? 0 : 1), accepted);
    }

    /** The listener is closed. */
    void close() {
        closed = true;
        all.remove(listening);
    }

    /** A connection comes that has a task of its own; to be {@linkplain #remove removed}. */
    void add(Served connection) {
        connection.born(this);
        accepted++;
        all.add(connection);
    }

    void remove(Served connection) {
        all.remove(connection);
    }

    /** A stream is given to a user. */
    void add(ByteStream stream) {
        accepted++;
        for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
            if (each instanceof Given given) {
                all.remove(given.link);
            }
        }
        all.add(new Given(stream, gone, this).link);
    }

    private ConnectionSight sight(String peer, String phase, @Nullable Task<?> task, long bornNanos,
            @Nullable ByteStream stream) {
        long age = loop.nanoTime() - bornNanos;
        return new ConnectionSight(
                null,
                peer,
                listener.under().localAddress() instanceof InetSocketAddress ? "TCP" : "Unix",
                phase,
                task == null ? null : new ConnectionSight.Held("", task, -1),
                age,
                stream == null ? ConnectionSight.Bytes.NONE : StreamSight.of(stream),
                -1,
                List.of());
    }

    /** The listener itself. */
    private final class Listening extends Connections.Link {

        private final long bornNanos = kernel.lastLook(loop);

        @Override
        protected ConnectionSight sight() {
            return Accepted.this.sight("", "listening, " + accepted + " accepted", null, bornNanos, null);
        }
    }

    /** A connection that has a task of its own. */
    abstract static class Served extends Connections.Link {

        private @Nullable Accepted of;
        private long bornNanos;
        @Nullable Task<?> task;
        @Nullable ByteStream stream;

        private void born(Accepted owner) {
            of = owner;
            bornNanos = owner.kernel.lastLook(owner.loop);
        }

        /** Whoever accepted it tells it no more. */
        void gone() {
            if (of != null) {
                of.remove(this);
            }
        }

        abstract Transport transport();

        @Override
        protected @Nullable ConnectionSight sight() {
            return of == null ? null : of.sight(transport().remoteAddress(), "open", task, bornNanos, stream);
        }
    }

    /** A stream that was given to a user, who may have put others around it: its transport says whether it lives. */
    private static final class Given extends WeakReference<Transport> {

        private final WeakReference<ByteStream> stream;
        private final Connections.Link link;

        Given(ByteStream stream, ReferenceQueue<Transport> gone, Accepted of) {
            super(stream.transport(), gone);
            this.stream = new WeakReference<>(stream);
            long bornNanos = of.kernel.lastLook(of.loop);
            this.link = new Connections.Link() {
                @Override
                protected @Nullable ConnectionSight sight() {
                    Transport transport = Given.this.get();
                    return transport == null || !transport.isOpen()
                            ? null
                            : of.sight(transport.remoteAddress(), "open", null, bornNanos, Given.this.stream.get());
                }
            };
        }
    }
}
