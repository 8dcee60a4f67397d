package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.process.internal.codec.Parcel;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Receiver;
import dev.heddle.sync.Sender;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pipe behind a shared one, in its manager: the sending end of one channel and the receiving end of
 * another.
 */
final class PipeObject implements PipeEnd<Parcel>, ManagerSession.Departure {

    private final Channel<Parcel> outward;
    private final Channel<Parcel> inward;
    private final Sender<Parcel> sender;
    private final Receiver<Parcel> receiver;

    /** The processes that have used it or were given it, and live. */
    private final Set<ManagerSession> users = new LinkedHashSet<>();

    /** Those that have sent or received by it. */
    private final Set<ManagerSession> active = Collections.newSetFromMap(new WeakHashMap<>());

    private boolean closed;

    /** Whether its last process has ended without closing it. */
    private boolean forsaken;

    private @Nullable PipeObject peer;

    private PipeObject(Channel<Parcel> outward, Channel<Parcel> inward) {
        this.outward = outward;
        this.inward = inward;
        this.sender = outward.sender();
        this.receiver = inward.receiver();
    }

    /** The two ends of a new pipe. */
    static List<PipeObject> pair(int capacity) {
        Channel<Parcel> there = Channel.of(capacity);
        Channel<Parcel> back = Channel.of(capacity);
        var first = new PipeObject(there, back);
        var second = new PipeObject(back, there);
        first.peer = second;
        second.peer = first;
        return List.of(first, second);
    }

    @Override
    public void send(Parcel element) {
        use();
        sender.send(element);
    }

    @Override
    public boolean sendWithin(Parcel element, Duration limit) {
        use();
        return sender.sendWithin(element, limit);
    }

    @Override
    public boolean trySend(Parcel element) {
        use();
        return sender.trySend(element);
    }

    @Override
    public Parcel receive() {
        use();
        return receiver.receive();
    }

    @Override
    public Optional<Parcel> receiveWithin(Duration limit) {
        use();
        return receiver.receiveWithin(limit);
    }

    @Override
    public Optional<Parcel> tryReceive() {
        use();
        return receiver.tryReceive();
    }

    private void use() {
        RemoteCaller.current().map(RemoteCaller::session).ifPresent(session -> {
            belongTo(session);
            active.add(session);
        });
    }

    private void belongTo(ManagerSession session) {
        users.add(session);
        session.onEnd(this);
    }

    /** Whether a process was given this end only since it was given both, and has used the other. */
    private boolean isOnlyCarriedBy(ManagerSession session) {
        return !active.contains(session) && peer != null && peer.active.contains(session);
    }

    @Override
    public void departed(ManagerSession session) {
        // Who carries both ends and uses one, as a lambda does that has the pair in it, has not forsaken the other.
        if (users.remove(session) && users.isEmpty() && !closed && !isOnlyCarriedBy(session)) {
            String why = session + ", the last that had the other end of the pipe, has ended without closing it";
            outward.fail(new BrokenException(why));
            forsaken = true;
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        sender.close();
        receiver.close();
    }

    @Override
    public boolean isClosed() {
        RemoteCaller.current().map(RemoteCaller::session).ifPresent(this::belongTo);
        return closed;
    }

    @Override
    public boolean isDrained() {
        return !closed && peer != null && peer.closed && !peer.forsaken && inward.statistics().size() == 0;
    }
}
