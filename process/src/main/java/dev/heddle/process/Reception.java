package dev.heddle.process;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where other processes come in: says who may, reads their calls and writes the answers. Who does not say the secret at once, or what no
 * process of ours would say, is sent away.
 *
 * <p>Confined to the manager's loop.
 */
final class Reception {

    private static final System.Logger LOG = System.getLogger("dev.heddle.process");

    /** Stands for the process id of who has come only to see whether somebody listens. */
    private static final long NOBODY = -1;

    private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

    private final ManagerOptions options;
    private final SharedObjects objects;
    private final byte[] secret;
    private final String where;
    private volatile int processes;

    /**
     * @param where the manager, for people
     */
    Reception(ManagerOptions options, SharedObjects objects, byte[] secret, String where) {
        this.options = options;
        this.objects = objects;
        this.secret = secret;
        this.where = where;
    }

    /** How many processes are connected. Any thread may ask. */
    int processes() {
        return processes;
    }

    /** Serves until the listener is closed. */
    void serve(Listener listener) {
        listener.serve(ServeOptions.DEFAULT.withMaxConnections(options.maxProcesses()), this::receive);
    }

    private void receive(ByteStream stream) {
        Optional<Long> pid = moveOnAfter(HELLO_LIMIT, () -> greet(stream));
        if (pid.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "{0} sent somebody away who did not say its secret", where);
            return;
        }
        if (pid.get() != NOBODY) {
            serve(stream, "process " + pid.get());
        }
    }

    /** The process id of who says the secret; null for everybody else. Nothing that could be expensive is read before. */
    @SuppressWarnings("NullAway") // as moveOnAfter wants it
    private Long greet(ByteStream stream) {
        ByteBuffer hello = stream.fill(Message.HEAD_BYTES + Message.HELLO_BYTES);
        if (!hello.hasRemaining()) {
            return NOBODY;
        }
        if (hello.remaining() < Message.HEAD_BYTES + Message.HELLO_BYTES
                || hello.getInt() != Frame.HEAD_BYTES + Message.HELLO_BYTES
                || hello.get() != Message.HELLO) {
            return null;
        }
        hello.getLong();
        byte[] said = new byte[Message.SECRET_BYTES];
        hello.get(said);
        return MessageDigest.isEqual(said, secret) ? hello.getLong() : null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written on one loop
    private void serve(ByteStream stream, String name) {
        processes++;
        Outgoing out = new Outgoing(stream, options.maxCalls());
        out.add(new Frame(Message.SETUP, 0, setup()));
        Session session = new Session(name, objects, options.maxCalls(), out::answer);
        try {
            group(g -> {
                g.spawnService("answers to " + name, out::write);
                session.begin(g);
                try {
                    read(stream, session, out);
                } finally {
                    session.end();
                }
            });
        } finally {
            session.tellDepartures();
            processes--;
        }
    }

    private byte[] setup() {
        return new Codec(options.maxBytes(), List.of())
                .encode("the setup", false, new Setup(where, options.maxBytes(), FormatNames.of(options.formats())));
    }

    /** Reads calls until the process ends, or says what makes no sense. */
    private void read(ByteStream stream, Session session, Outgoing out) {
        try {
            readCalls(stream, session, out);
        } catch (BrokenException | ClosedException | EndOfStreamException e) {
            // It was killed, or cut off by us.
        }
    }

    private void readCalls(ByteStream stream, Session session, Outgoing out) {
        while (true) {
            out.awaitRoom();
            ByteBuffer head = stream.fill(Message.HEAD_BYTES);
            if (head.remaining() < Message.HEAD_BYTES) {
                return;
            }
            int length = head.getInt() - Frame.HEAD_BYTES;
            byte kind = head.get();
            long number = head.getLong();
            if (length < 0 || length > Message.CALL_BYTES + options.maxBytes()) {
                nonsense(session, "a message of " + length + " bytes");
                return;
            }
            byte[] content = stream.readExactly(length);
            switch (kind) {
                case Message.CALL -> {
                    if (length < Message.CALL_BYTES) {
                        nonsense(session, "a call of " + length + " bytes");
                        return;
                    }
                    session.call(call(number, content));
                }
                case Message.CANCEL -> session.cancel(number);
                case Message.CALLER_ENDED -> session.callerEnded(number);
                default -> {
                    nonsense(session, "a message of kind " + kind);
                    return;
                }
            }
        }
    }

    private void nonsense(Session session, String what) {
        LOG.log(System.Logger.Level.WARNING, "{0} sent {1} away, which said {2}", where, session, what);
    }

    private static Call call(long number, byte[] content) {
        ByteBuffer head = ByteBuffer.wrap(content);
        long caller = head.getLong();
        int object = head.getInt();
        int method = head.getShort();
        return new Call(number, caller, null, object, method, content, Message.CALL_BYTES);
    }
}
