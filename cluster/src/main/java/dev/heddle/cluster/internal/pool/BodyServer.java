package dev.heddle.cluster.internal.pool;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.NodeRefusedException;
import dev.heddle.cluster.internal.wire.AnswerHead;
import dev.heddle.cluster.internal.wire.AnswerHead.End;
import dev.heddle.cluster.internal.wire.BodyHead;
import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.cluster.internal.wire.Link;
import dev.heddle.cluster.internal.wire.Message;
import dev.heddle.cluster.internal.wire.Message.Kind;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MalformedMessageException;
import dev.heddle.process.internal.codec.Encoded;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The side of a node that does bodies for others, over one connection from each.
 *
 * <pre>
 *   taken ──▶ under way ──▶ answered
 *     │           ├── CANCEL, its deadline, the asker is gone ──▶ stopped, then killed ──▶ given up
 *     │           └── the node is fenced, or leaves ──▶ stopped, then killed ──▶ stopped
 *     ├── the node leaves, is not sure to belong to the cluster, or has enough ──▶ returned, not begun
 *     └── more than a few of one asker, and one before it takes long ──▶ returned, not begun
 * </pre>
 *
 * <p>Confined to the loop of the node.
 */
final class BodyServer {

    private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

    /** For the askers to take the last answers, and to go. */
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

    /** Most bodies of others for each worker; who has more gives them to another node. */
    private static final int MAX_PER_WORKER = 256;

    private final Hello self;
    private final BodyWorker worker;
    private final Peers peers;

    /** The bodies of all askers. */
    private final Set<Body> bodies = new HashSet<>();

    private final Set<Asker> askers = new HashSet<>();

    /** Connections on which a hello was sent, so that bodies may be on their way. */
    private int connections;

    private final WaitSlot idle = new WaitSlot("the bodies of other nodes");
    private boolean leaving;

    BodyServer(Hello self, BodyWorker worker, Peers peers) {
        this.self = self;
        this.worker = worker;
        this.peers = peers;
    }

    // ---- one asker ----

    /** Serves one asker until it, or the connection, is gone; then its bodies end too. */
    void serve(ByteStream stream) {
        if (leaving) {
            return; // without a hello nothing is lost
        }
        connections++;
        try {
            serveLink(stream);
        } finally {
            connections--;
            idle.wake();
        }
    }

    private void serveLink(ByteStream stream) {
        var link = new Link(stream, Limits.message(self.maxBytes()));
        Task<Void> writer = Heddle.spawn("answers for " + stream.transport().remoteAddress(), link::write);
        try {
            String name = greet(link);
            if (name != null) {
                serve(new Asker(name, link));
            }
        } finally {
            writer.cancel("the connection has ended");
        }
    }

    private void serve(Asker asker) {
        askers.add(asker);
        if (leaving) {
            tellThatItLeaves(asker);
        }
        try {
            for (Message next = asker.link.read(); next != null; next = asker.link.read()) {
                take(asker, next);
            }
        } finally {
            askers.remove(asker);
            asker.bodies.values().forEach(body -> body.stop(End.GIVEN_UP, "who asked for it is gone"));
        }
    }

    /** Gives the name of the asker; null if it was sent away, or is gone. */
    private @Nullable String greet(Link link) {
        link.send(Kind.HELLO, 0, self.encode(), Message.NOTHING);
        Message first = Heddle.moveOnAfter(HELLO_LIMIT, () -> {
            Message message = link.read();
            return message == null ? new Message(Kind.HELLO, 0, Message.NOTHING) : message;
        }).orElseThrow(() -> new NodeRefusedException("no hello has come in time"));
        if (first.kind() == Kind.REFUSED) {
            return null;
        }
        try {
            Hello other = Hello.decode(first.content());
            self.check(other);
            link.greeted();
            return other.node();
        } catch (NodeRefusedException e) {
            byte[] why = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
            link.send(Kind.REFUSED, 0, why, Message.NOTHING);
            // Until the asker has read it and goes; else it would hear of a lost connection.
            Heddle.moveOnAfter(HELLO_LIMIT, () -> {
                while (link.read() != null) {}
            });
            return null;
        }
    }

    private void take(Asker asker, Message message) {
        switch (message.kind()) {
            case BODY -> begin(asker, message);
            case CANCEL, DROPPED -> {
                Body body = asker.bodies.get(message.number());
                if (body != null) {
                    body.stop(End.GIVEN_UP, "nobody waits for it any more");
                }
            }
            case HELLO, REFUSED, ANSWER, RETURNED, LEAVING, GRANT ->
                throw new MalformedMessageException("a " + message.kind() + " that nobody expects");
        }
    }

    private void begin(Asker asker, Message message) {
        long number = message.number();
        if (asker.bodies.containsKey(number)) {
            throw new MalformedMessageException("two bodies with one number");
        }
        String no = refusal();
        if (no != null) {
            asker.link.forget(number);
            giveBack(asker, number, no);
            return;
        }
        ByteBuffer in = message.buffer();
        BodyHead head;
        try {
            head = BodyHead.decode(in);
        } catch (BufferUnderflowException e) {
            throw new MalformedMessageException("a body without a head");
        }
        Encoded work = message.rest() == null
                ? Encoded.of(message.content(), in.position(), in.limit())
                : Encoded.of(message.rest().behind(in));
        var body = new Body();
        asker.bodies.put(number, body);
        bodies.add(body);
        body.task = Heddle.spawn(head.name() + " of " + asker.name, () -> {
            try {
                live(asker, number, body, head, work);
            } finally {
                asker.link.forget(number);
                asker.bodies.remove(number);
                bodies.remove(body);
                idle.wake();
            }
        });
    }

    private @Nullable String refusal() {
        if (leaving) {
            return self.node() + " leaves the cluster";
        }
        if (!peers.believes()) {
            return self.node() + " is not sure to belong to the cluster";
        }
        return worker.load() >= MAX_PER_WORKER * worker.workers() ? self.node() + " has enough to do" : null;
    }

    private static void giveBack(Asker asker, long number, String why) {
        asker.link.send(Kind.RETURNED, number, why.getBytes(StandardCharsets.UTF_8), Message.NOTHING);
    }

    private void live(Asker asker, long number, Body body, BodyHead head, Encoded work) {
        try {
            BodyAnswer answer = worker.work(head, work, asker.share);
            if (answer == null) {
                giveBack(asker, number, self.node() + " has others to do before it, which take long");
                return;
            }
            // What a stopped one throws is its answer to that.
            boolean stopped = body.stopped && answer.end() != End.RESULT;
            answer(asker, number, stopped ? new BodyAnswer(body.end, Message.NOTHING) : answer);
        } catch (CancelledException e) {
            answer(asker, number, new BodyAnswer(body.end, Message.NOTHING));
            throw e;
        } catch (RejectedExecutionException e) {
            giveBack(asker, number, self.node() + " leaves the cluster");
        }
    }

    private void answer(Asker asker, long number, BodyAnswer answer) {
        asker.link.send(Kind.ANSWER, number, new AnswerHead(answer.end(), worker.load()).encode(), answer.content());
    }

    // ---- the node ----

    /** Stops all that it does for others: this node may belong to the cluster no more. */
    void fence() {
        Set.copyOf(bodies).forEach(body -> body.stop(End.STOPPED, self.node() + " is cut off from the cluster"));
    }

    /** Takes no more, waits for what is under way, and stops it if it takes too long. */
    void leave(Duration limit) {
        leaving = true;
        askers.forEach(BodyServer::tellThatItLeaves);
        Heddle.moveOnAfter(limit, () -> {
            while (!bodies.isEmpty()) {
                idle.await();
            }
        });
        Set.copyOf(bodies).forEach(body -> body.stop(End.STOPPED, self.node() + " leaves the cluster"));
        Heddle.moveOnAfter(FLUSH_LIMIT, () -> {
            while (connections > 0) {
                idle.await();
            }
        });
    }

    private static void tellThatItLeaves(Asker asker) {
        asker.link.send(Kind.LEAVING, 0, Message.NOTHING, Message.NOTHING);
    }

    /** Another node, over its connection. */
    private static final class Asker {
        final String name;
        final Link link;
        final Map<Long, Body> bodies = new HashMap<>();
        final BodyWorker.Share share = new BodyWorker.Share();

        Asker(String name, Link link) {
            this.name = name;
            this.link = link;
        }
    }

    /** A body of another node. */
    private static final class Body {
        End end = End.GIVEN_UP;
        boolean stopped;
        @Nullable Task<Void> task;

        void stop(End how, String why) {
            end = how;
            stopped = true;
            if (task != null) {
                task.cancel(why);
            }
        }
    }
}
