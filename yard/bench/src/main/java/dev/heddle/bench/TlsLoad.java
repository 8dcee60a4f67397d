package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/**
 * The main program of the load on an echo server with TLS, on one thread: as load.c without TLS, each connection sends
 * a message when it has the last one back, and every byte is compared. For each line of its input, a {@link Plan}, it
 * answers with a line, an {@link Answer}. It ends with its input.
 */
final class TlsLoad {

    private static final int PATTERN_SHIFTS = 4096;
    private static final long LOOK_MILLIS = 10;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final double NANOS = 1e9;

    /**
     * What to do.
     *
     * @param connections how many at a time, at least 1
     * @param bytes the length of a message, at least 1
     * @param messages how many on a connection before it is replaced by a new one; 0 for no such end
     * @param warmSeconds how long before it is measured, from when each connection has had a message echoed
     * @param seconds how long it is measured
     */
    record Plan(int connections, int bytes, int messages, double warmSeconds, double seconds) {

        String line() {
            return connections + " " + bytes + " " + messages + " " + warmSeconds + " " + seconds;
        }

        static Plan parse(String line) {
            String[] words = line.split(" ", -1);
            return new Plan(
                    Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]),
                    Double.parseDouble(words[3]), Double.parseDouble(words[4]));
        }
    }

    /**
     * What a server did under the load.
     *
     * @param perSecond messages that were answered each second
     * @param serverCpuNanos CPU time of the server for a message
     */
    record Answer(double perSecond, double serverCpuNanos) {

        String line() {
            return perSecond + " " + serverCpuNanos;
        }

        static Answer parse(String line) {
            String[] words = line.split(" ", -1);
            return new Answer(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
        }
    }

    private final Plan plan;
    private final int port;
    private final SSLContext context;
    private final byte[] pattern;
    private final Selector selector;
    private int number;
    private int open;
    private long answered;

    /** How many connections have had their first message answered. */
    private int greeted;

    private boolean ending;

    private TlsLoad(Plan plan, int port, SSLContext context, Selector selector) {
        this.plan = plan;
        this.port = port;
        this.context = context;
        this.selector = selector;
        pattern = new byte[plan.bytes() + PATTERN_SHIFTS];
        new Random(1).nextBytes(pattern);
    }

    /** Takes the port of the server and its process. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        PrintStream answers = System.out;
        int port = Integer.parseInt(args[0]);
        ProcessClock server = new ProcessClock(Long.parseLong(args[1]));
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(run(Plan.parse(line), port, server).line());
        }
    }

    /**
     * Loads a server.
     *
     * @throws IOException if it fails, echoes something else or is too slow
     */
    static Answer run(Plan plan, int port, ProcessClock server) throws IOException, GeneralSecurityException {
        try (Selector selector = Selector.open()) {
            return new TlsLoad(plan, port, TlsCertificate.load().client(), selector).run(server);
        }
    }

    private Answer run(ProcessClock server) throws IOException {
        try {
            for (int i = 0; i < plan.connections(); i++) {
                connect();
            }
            await(() -> greeted >= plan.connections(), "answered");
            turn((long) (plan.warmSeconds() * NANOS), () -> false);
            Answer answer = measure(server);
            ending = true;
            await(() -> open == 0, "ended");
            return answer;
        } finally {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
    }

    private Answer measure(ProcessClock server) throws IOException {
        long answeredBefore = answered;
        long cpu = server.nanos();
        long start = System.nanoTime();
        turn((long) (plan.seconds() * NANOS), () -> false);
        await(() -> answered > answeredBefore, "answered");
        double count = answered - answeredBefore;
        double used = server.nanos() - cpu;
        return new Answer(count / ((System.nanoTime() - start) / NANOS), used / count);
    }

    private void await(BooleanSupplier isEnough, String what) throws IOException {
        turn(LIMIT_NANOS, isEnough);
        if (!isEnough.getAsBoolean()) {
            throw new IOException("not all of " + open + " connections were " + what + " in time");
        }
    }

    private void turn(long nanos, BooleanSupplier isEnough) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos && !isEnough.getAsBoolean()) {
            selector.select(LOOK_MILLIS);
            for (SelectionKey key : selector.selectedKeys()) {
                advance(key);
            }
            selector.selectedKeys().clear();
        }
    }

    private void connect() throws IOException {
        TlsClient client = TlsClient.connect(context, port);
        client.channel().register(selector, SelectionKey.OP_WRITE, new Talk(client, number++));
        open++;
    }

    private void advance(SelectionKey key) throws IOException {
        Talk talk = (Talk) key.attachment();
        if (!talk.advance()) {
            key.interestOps(talk.client.interest());
            return;
        }
        talk.client.close();
        open--;
        if (!ending) {
            connect();
        }
    }

    /** One connection. */
    private final class Talk {

        private enum State {
            AGREEING,
            TALKING,
            ENDING
        }

        private final TlsClient client;
        private final int number;
        private State state = State.AGREEING;
        private int sequence;
        private int got;

        Talk(TlsClient client, int number) {
            this.client = client;
            this.number = number;
        }

        /** Does what can be done without waiting, and says whether both directions have ended. */
        boolean advance() throws IOException {
            if (state == State.AGREEING && client.handshake()) {
                state = State.TALKING;
                client.send(expected(0));
            }
            if (state == State.TALKING && client.flush()) {
                read();
            }
            return state == State.ENDING && client.hasEnded();
        }

        /** At most one message is under way, so that there is nothing to read when the next one is sent. */
        private void read() throws IOException {
            for (ByteBuffer bytes = client.receive(); bytes.hasRemaining(); bytes = client.receive()) {
                ByteBuffer rest = expected(got);
                if (bytes.remaining() > rest.remaining()
                        || !bytes.equals(rest.slice(rest.position(), bytes.remaining()))) {
                    throw new IOException("connection " + number + ": wrong bytes in message " + sequence);
                }
                got += bytes.remaining();
                bytes.position(bytes.limit());
                if (got == plan.bytes()) {
                    answered();
                    return;
                }
            }
        }

        private void answered() throws IOException {
            answered++;
            greeted += sequence == 0 ? 1 : 0;
            sequence++;
            got = 0;
            if (ending || sequence == plan.messages()) {
                state = State.ENDING;
                client.end();
            } else {
                client.send(expected(0));
            }
        }

        /** The bytes of the message from there on; others for each connection and each message. */
        private ByteBuffer expected(int from) {
            int shift = (number * 31 + sequence * 7) & (PATTERN_SHIFTS - 1);
            return ByteBuffer.wrap(pattern, shift + from, plan.bytes() - from);
        }
    }
}
