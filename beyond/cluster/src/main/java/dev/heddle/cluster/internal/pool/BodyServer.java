package dev.heddle.cluster.internal.pool;

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
import java.util.LinkedHashSet;
import java.util.List;
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
    private static final int MAX_PER_WORKER = 1024;

    private final Hello self;
    private final BodyWorker worker;
    private final int maxBodies;
    private final Peers peers;

    /** How many bodies all askers have here, those included that are gone. */
    private int bodies;

    /** In the order in which they came, so that a simulation repeats. */
    private final Set<Asker> askers = new LinkedHashSet<>();

    /** Connections on which a hello was sent, so that bodies may be on their way. */
    private int connections;

    private final WaitSlot idle = new WaitSlot("the bodies of other nodes");
    private boolean leaving;

    BodyServer(Hello self, BodyWorker worker, Peers peers) {
        this.self = self;
        this.worker = worker;
        this.maxBodies = MAX_PER_WORKER * worker.workers();
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
        var link = new Link(stream, self.maxMessageBytes());
        Task<Void> writer = Heddle.spawn("answers for " + stream.transport().remoteAddress(), link::write);
        try {
            if (greet(link)) {
                serve(new Asker(link));
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
            List.copyOf(asker.bodies.values()).forEach(body -> body.stop(End.GIVEN_UP));
        }
    }

    /** Whether the asker may stay: it was not sent away, and is not gone. */
    private boolean greet(Link link) {
        link.send(Kind.HELLO, 0, self.encode(), Message.NOTHING);
        Message first = Heddle.moveOnAfter(HELLO_LIMIT, () -> {
            Message message = link.read();
            return message == null ? new Message(Kind.HELLO, 0, Message.NOTHING) : message;
        }).orElseThrow(() -> new NodeRefusedException("no hello has come in time"));
        if (first.kind() == Kind.REFUSED) {
            return false;
        }
        try {
            self.check(Hello.decode(first.content()));
            link.greeted();
            return true;
        } catch (NodeRefusedException e) {
            byte[] why = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
            link.send(Kind.REFUSED, 0, why, Message.NOTHING);
            // Until the asker has read it and goes; else it would hear of a lost connection.
            Heddle.moveOnAfter(HELLO_LIMIT, () -> {
                while (link.read() != null) {}
            });
            return false;
        }
    }

    private void take(Asker asker, Message message) {
        switch (message.kind()) {
            case BODY -> begin(asker, message);
            case CANCEL, DROPPED -> {
                BodyWorker.Turn body = asker.bodies.get(message.number());
                if (body != null) {
                    body.stop(End.GIVEN_UP);
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
        String no = leaving
                ? " leaves the cluster"
                : !peers.believes()
                        ? " is not sure to belong to the cluster"
                        : worker.load() >= maxBodies
                                ? " has enough to do"
                                : null;
        if (no != null) {
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
        try {
            asker.bodies.put(number, worker.begin(head, work, asker.share, answer -> ended(asker, number, answer)));
            bodies++;
        } catch (RejectedExecutionException e) {
            giveBack(asker, number, " leaves the cluster");
        }
    }

    private void ended(Asker asker, long number, @Nullable BodyAnswer answer) {
        asker.bodies.remove(number);
        bodies--;
        if (answer == null) {
            giveBack(asker, number, " has others to do before it, which take long");
        } else {
            var head = new AnswerHead(answer.end(), worker.load());
            asker.link.send(Kind.ANSWER, number, head.encode(), answer.content());
        }
        idle.wake();
    }

    private void giveBack(Asker asker, long number, String why) {
        asker.link.send(Kind.RETURNED, number, (self.node() + why).getBytes(StandardCharsets.UTF_8), Message.NOTHING);
    }

    // ---- the node ----

    /** Stops all that it does for others: this node may belong to the cluster no more. */
    void fence() {
        askers.forEach(asker -> List.copyOf(asker.bodies.values()).forEach(body -> body.stop(End.STOPPED)));
    }

    /** Takes no more, waits for what is under way, and stops it if it takes too long. */
    void leave(Duration limit) {
        leaving = true;
        askers.forEach(BodyServer::tellThatItLeaves);
        Heddle.moveOnAfter(limit, () -> {
            while (bodies > 0) {
                idle.await();
            }
        });
        fence();
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
        final Link link;
        final Map<Long, BodyWorker.Turn> bodies = new HashMap<>();
        final BodyWorker.Share share = new BodyWorker.Share();

        Asker(Link link) {
            this.link = link;
        }
    }
}
