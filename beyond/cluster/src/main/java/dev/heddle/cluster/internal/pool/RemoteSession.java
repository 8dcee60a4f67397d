package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Task;
import dev.heddle.cluster.NodeRefusedException;
import dev.heddle.cluster.internal.wire.AnswerHead;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.cluster.internal.wire.Link;
import dev.heddle.cluster.internal.wire.Message;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.internal.Durations;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.io.TlsException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that another node has of this one, over one connection, which is made for the first of them.
 *
 * <pre>
 *   connecting ──hello of both──▶ ready ──lost, closed, the node is gone──▶ ended: what may have begun is lost,
 *       └──────refused, nobody there─────────────────────────────────────▶ ended     the rest goes to other nodes
 * </pre>
 */
final class RemoteSession implements NodeSession {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Dispatcher dispatcher;
    private final Peer peer;
    private final Map<Long, ClusterJob<?>> jobs = new LinkedHashMap<>();

    /** Never used again, so that a late answer cannot mean another body. */
    private long numbers;

    /** Null until both have said hello. */
    private @Nullable Link link;

    private int workers = 1;
    private final Window window;

    /** How many bodies the node has, as it has said with its last answer. */
    private int reported;

    /** The node leaves, and gets no more. */
    private boolean leaving;

    private boolean ended;
    private @Nullable String closing;
    private @Nullable Task<Void> life;

    RemoteSession(Dispatcher dispatcher, Peer peer) {
        this.dispatcher = dispatcher;
        this.peer = peer;
        this.window = new Window(dispatcher.loop()::nanoTime, workers);
    }

    /** Begins it; in the task of the dispatcher. */
    void start() {
        life = Heddle.spawn("bodies on " + peer.name(), this::live);
    }

    @Override
    public String node() {
        return peer.name();
    }

    @Override
    public double load() {
        return ended || leaving || !window.hasRoom(jobs.size())
                ? NO_ROOM
                : (double) Math.max(reported, jobs.size()) / workers;
    }

    // ---- the connection ----

    private void live() {
        Throwable why = new HeddleException("the connection was closed");
        try (ByteStream stream = Heddle.moveOnAfter(START_LIMIT, () -> dispatcher.connect(peer))
                .orElseThrow(() -> new HeddleException("it did not answer within " + START_LIMIT))) {
            try {
                serve(stream);
            } finally {
                stream.abort(); // who is asked hears at once, and stops what nobody waits for
            }
        } catch (CancelledException e) {
            why = new HeddleException(String.valueOf(closing));
            throw e;
        } catch (TlsException e) {
            why = refusal(e);
        } catch (RuntimeException e) {
            why = e;
        } finally {
            end(why);
        }
    }

    /** What no other try would change; else the failure itself. */
    private HeddleException refusal(TlsException e) {
        if (e.isUntrusted()) {
            return new NodeRefusedException("the certificate at " + peer.host() + ":" + peer.port()
                    + " is not that of the node " + peer.name() + ": " + e.getMessage(), e);
        }
        return e.isRefused()
                ? new NodeRefusedException("the node " + peer.name() + " does not trust the certificate of "
                        + dispatcher.self().node() + ": " + e.getMessage(), e)
                : e;
    }

    private void serve(ByteStream stream) {
        var made = new Link(stream, dispatcher.self().maxMessageBytes());
        Task<Void> writer = Heddle.spawn("bodies for " + peer.name(), made::write);
        try {
            Hello other = Heddle.moveOnAfter(START_LIMIT, () -> greet(made))
                    .orElseThrow(() -> new HeddleException("it did not say hello within " + START_LIMIT));
            workers = Math.max(1, other.workers());
            window.workers(workers);
            made.greeted();
            link = made;
            jobs.values().forEach(this::send);
            dispatcher.ready(peer);
            Message next = made.read();
            while (next != null) {
                take(next);
                next = leaving && jobs.isEmpty() ? null : made.read();
            }
        } finally {
            writer.cancel("the connection has ended");
        }
    }

    private Hello greet(Link made) {
        made.send(Kind.HELLO, 0, dispatcher.self().encode(), Message.NOTHING);
        Message first = made.read();
        if (first == null) {
            throw new HeddleException("it closed the connection instead of a hello");
        }
        if (first.kind() == Kind.REFUSED) {
            throw new NodeRefusedException(new String(first.content(), StandardCharsets.UTF_8));
        }
        Hello other = Hello.decode(first.content());
        dispatcher.self().check(other);
        if (!other.node().equals(peer.name())) {
            throw new NodeRefusedException(
                    "at " + peer.host() + ":" + peer.port() + " is the node " + other.node() + ", not " + peer.name());
        }
        return other;
    }

    /** Ends it, since the node is gone. */
    void close(String why) {
        closing = why;
        if (life != null) {
            life.cancel(why);
        }
    }

    private void end(Throwable why) {
        ended = true;
        List<ClusterJob<?>> begun = new ArrayList<>();
        List<ClusterJob<?>> back = new ArrayList<>();
        for (ClusterJob<?> job : jobs.values()) {
            (hasSurelyNotBegun(job) ? back : begun).add(job);
            job.heldBy(null);
        }
        jobs.clear();
        dispatcher.ended(this, peer, why, back, begun);
    }

    private boolean hasSurelyNotBegun(ClusterJob<?> job) {
        return link == null || link.isUnwritten(job.number);
    }

    // ---- bodies ----

    @Override
    public void give(ClusterJob<?> job) {
        job.heldBy(this);
        job.told = false;
        job.number = ++numbers;
        jobs.put(job.number, job);
        job.extra = jobs.size() > Window.few(workers);
        window.gave(jobs.size());
        if (link != null) {
            send(job);
        }
    }

    private void send(ClusterJob<?> job) {
        if (link != null) {
            byte[] head = new BodyHead(job.leftNanos(), job.attempt, job.name).encode();
            link.send(Kind.BODY, job.number, head, job.work().buffers());
        }
    }

    @Override
    public void unwanted(ClusterJob<?> job, boolean hurry) {
        Link made = link;
        if (made == null || takeBack(job)) {
            leave(job);
            job.cancel("it was given up before it began");
        } else if (hurry && !job.told) {
            job.told = true;
            made.sendSoon(Kind.CANCEL, job.number, Message.NOTHING);
            long number = job.number;
            dispatcher.after(dispatcher.patience(), () -> {
                if (jobs.get(number) == job) {
                    leave(job);
                    dispatcher.lost(job, peer.name(), new HeddleException(
                            "it was cancelled, and the node has not answered for "
                                    + Durations.words(dispatcher.patience())));
                }
            });
        }
    }

    /** Whether a body has not been written as a whole, and is not any more. */
    private boolean takeBack(ClusterJob<?> job) {
        boolean back = link != null && link.takeBack(job.number);
        if (back) {
            leave(job);
        }
        return back;
    }

    @Override
    public void hurry() {
        List.copyOf(jobs.values()).forEach(job -> unwanted(job, true));
    }

    private void leave(ClusterJob<?> job) {
        jobs.remove(job.number);
        job.heldBy(null);
        dispatcher.wake();
    }

    private void take(Message message) {
        switch (message.kind()) {
            case ANSWER -> answered(message);
            case RETURNED -> {
                ClusterJob<?> job = jobs.get(message.number());
                if (job != null) {
                    returned(job);
                }
            }
            case LEAVING -> {
                leaving = true;
                List.copyOf(jobs.values()).stream().filter(this::takeBack).forEach(dispatcher::again);
            }
            case REFUSED -> throw new NodeRefusedException(new String(message.content(), StandardCharsets.UTF_8));
            case HELLO, BODY, CANCEL, DROPPED, GRANT ->
                throw new MalformedMessageException("a " + message.kind() + " that nobody expects");
        }
    }

    /** The node has not begun a body: it had more than a few and one takes long, or it can do none now. */
    private void returned(ClusterJob<?> job) {
        leave(job);
        window.shrink();
        if (!job.extra) {
            dispatcher.rest(peer);
        }
        dispatcher.again(job);
    }

    private void answered(Message message) {
        AnswerHead head;
        byte[] content;
        try {
            ByteBuffer in = message.buffer();
            head = AnswerHead.decode(in);
            content = new byte[in.remaining()];
            in.get(content);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedMessageException("an answer that cannot be read: " + e.getMessage());
        }
        reported = head.load();
        ClusterJob<?> job = jobs.get(message.number());
        if (job != null) {
            leave(job);
            window.answered(jobs.size());
            dispatcher.answered(job, peer.name(), new BodyAnswer(head.end(), content));
        }
    }
}
