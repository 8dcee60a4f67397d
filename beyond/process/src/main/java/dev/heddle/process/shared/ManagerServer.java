package dev.heddle.process.shared;

import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.moveOnAfter;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.internal.ReportLog;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.FrameChannel;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Setup;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * The server of a manager, where other processes come in: says who may, reads their calls and writes the answers. Who
 * does not say the secret at once, or what no process of ours would say, is sent away.
 *
 * <p>Confined to the manager's loop.
 */
final class ManagerServer {

    private static final ReportLog LOG = new ReportLog("dev.heddle.process", Manager.class);

    /** Stands for the process id of who has come only to see whether somebody listens. */
    private static final long NOBODY = -1;

    /** Stands for the process id of who does not say the secret. */
    private static final long STRANGER = -2;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

    private final ManagerOptions options;
    private final SharedObjects objects;
    private final byte[] secret;
    private final String where;
    private volatile int processes;

    /**
     * @param where the manager, for people
     */
    ManagerServer(ManagerOptions options, SharedObjects objects, byte[] secret, String where) {
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
        long pid = moveOnAfter(HELLO_LIMIT, () -> greet(stream)).orElse(STRANGER);
        if (pid == STRANGER) {
            LOG.log(Level.WARNING, where + " refused a client without its secret", null);
            return;
        }
        if (pid != NOBODY) {
            serve(stream, pid);
        }
    }

    /**
     * The process id of who says the secret; {@link #STRANGER} for everybody else. Nothing that could be expensive is
     * read before.
     */
    private long greet(ByteStream stream) {
        ByteBuffer hello = stream.fill(Frame.FULL_HEAD_BYTES + Frame.HELLO_BYTES);
        if (!hello.hasRemaining()) {
            return NOBODY;
        }
        if (hello.remaining() < Frame.FULL_HEAD_BYTES + Frame.HELLO_BYTES
                || hello.getInt() != Frame.HEAD_BYTES + Frame.HELLO_BYTES
                || MessageKind.of(hello.get()) != MessageKind.HELLO) {
            return STRANGER;
        }
        hello.getLong();
        byte[] said = new byte[Frame.SECRET_BYTES];
        hello.get(said);
        return MessageDigest.isEqual(said, secret) ? hello.getLong() : STRANGER;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written on one loop
    private void serve(ByteStream stream, long pid) {
        processes++;
        var channel = new FrameChannel(
                stream, BUFFER_BYTES, Frame.CALL_BYTES + options.maxBytes(), options.maxCalls());
        channel.send(MessageKind.SETUP, false, 0, Setup.of(where, objects.codec()).encode());
        String name = "process " + pid;
        var session = new ManagerSession(
                name, pid, objects, options.maxCalls(),
                (call, answer) -> channel.send(answer.kind(), answer.holding(), call.number, answer.content()));
        try {
            group(g -> {
                g.spawnService("answers to " + name, channel::write);
                session.begin(g);
                try {
                    read(channel, session);
                } finally {
                    session.end();
                }
            });
        } finally {
            session.tellDepartures();
            processes--;
        }
    }

    /** Reads calls until the process ends, or says what makes no sense. */
    private void read(FrameChannel channel, ManagerSession session) {
        try {
            while (true) {
                channel.awaitRoom();
                take(channel.read(), session);
            }
        } catch (EOFException | BrokenException | ClosedException e) {
            // It has ended, was killed, or cut off by us.
        } catch (IOException e) {
            LOG.log(Level.WARNING, where + " sent " + session + " away, which said " + e.getMessage(), null);
        }
    }

    /** @throws IOException if the process says what none of ours would */
    private static void take(Frame frame, ManagerSession session) throws IOException {
        switch (frame.kind()) {
            case CALL -> {
                if (frame.content().length < Frame.CALL_BYTES) {
                    throw new IOException("a call of " + frame.content().length + " bytes");
                }
                session.call(call(frame.number(), frame.content()));
            }
            case CANCEL -> session.cancel(frame.number());
            case CALLER_ENDED -> session.callerEnded(frame.number());
            case CHANGED -> session.changed((int) frame.number());
            default -> throw new IOException("a message of kind " + frame.kind());
        }
    }

    private static Call call(long number, byte[] content) {
        ByteBuffer head = ByteBuffer.wrap(content);
        long caller = head.getLong();
        int object = head.getInt();
        int method = head.getShort();
        return new Call(number, caller, null, object, method, content, Frame.CALL_BYTES);
    }
}
