package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Frames as long as tiny bodies on the ways of three nodes: a third to a child of this process, the others over mutual
 * TLS through a process each to its child. Nothing is encoded, nobody can be cancelled, and no death is seen: what is
 * left is what the ways themselves cost.
 */
final class BareRelay implements Workload {

    /** How many an end of a way has at a time; more make nothing faster. */
    private static final int WINDOW = 256;

    private static final int BUFFER_BYTES = 64 * 1024;

    private record Body(long number, CompletableFuture<Long> answer) {}

    private final int bodies;
    private final int children;
    private final List<ServerProcess> relays = new ArrayList<>();
    private final ConcurrentLinkedQueue<Body> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private final Promise<Loop> ready = new Promise<>();
    private final Event end = Event.create();
    private final List<Way> ways = new ArrayList<>();
    private final Thread thread;
    private final Loop loop;

    /**
     * Starts them.
     *
     * @param children how many ways go to a child of this process
     * @param far how many go through another one
     */
    BareRelay(int bodies, int children, int far) {
        this.bodies = bodies;
        this.children = children;
        for (int i = 0; i < far; i++) {
            relays.add(ServerProcess.start("relay", Peer.java(List.of(), RelayMain.class, "0"), false, ""));
        }
        this.thread = Thread.ofPlatform().start(() -> {
            try {
                Heddle.run(this::live);
            } catch (Throwable e) {
                ready.tryFail(e);
            }
        });
        this.loop = ready.join();
    }

    private void live() throws GeneralSecurityException, IOException {
        try (var here = new Children()) {
            for (int i = 0; i < children; i++) {
                ways.add(new Way(here.start()));
            }
            for (ServerProcess relay : relays) {
                ways.add(new Way(ClusterNode.connect(relay.port())));
            }
            ready.complete(Heddle.currentLoop());
            end.await();
            ways.forEach(Way::end);
        }
    }

    /** Of this process. */
    private static final class Children implements AutoCloseable {
        private final List<RelayMain.Child> all = new ArrayList<>();

        ByteStream start() throws IOException {
            var child = new RelayMain.Child();
            all.add(child);
            return child.stream;
        }

        @Override
        public void close() {
            all.forEach(RelayMain.Child::close);
        }
    }

    /** One stream, and the bodies that it has. */
    private final class Way {
        private final ByteStream stream;
        private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private final WaitSlot more = new WaitSlot("bodies");

        /** By what the frames name them. */
        private final Body[] given = new Body[WINDOW];

        /** Names that no frame has. */
        private final int[] free = IntStream.range(0, WINDOW).toArray();

        private int count;

        private final Task<Void> writer;
        private final Task<Void> reader;

        Way(ByteStream stream) {
            this.stream = stream;
            this.writer = Heddle.spawn("writer", this::write);
            this.reader = Heddle.spawn("reader", this::read);
        }

        void end() {
            writer.cancel("the bench is over");
            reader.cancel("the bench is over");
            writer.awaitOutcome();
            reader.awaitOutcome();
        }

        private void write() {
            while (true) {
                while (count < WINDOW && out.remaining() >= RelayMain.BODY_BYTES) {
                    Body next = waiting.poll();
                    if (next == null) {
                        break;
                    }
                    put(next);
                }
                if (out.position() > 0) {
                    out.flip();
                    stream.write(out);
                    out.clear();
                } else {
                    more.await();
                }
            }
        }

        private void put(Body body) {
            int name = free[count++];
            given[name] = body;
            int start = out.position();
            out.putInt(RelayMain.BODY_BYTES - Integer.BYTES).putLong(name).putLong(body.number);
            out.position(start + RelayMain.BODY_BYTES);
        }

        private void read() {
            while (true) {
                ByteBuffer in = stream.fill(RelayMain.ANSWER_BYTES);
                if (in.remaining() < RelayMain.ANSWER_BYTES) {
                    return;
                }
                while (in.remaining() >= RelayMain.ANSWER_BYTES) {
                    int name = (int) in.getLong(in.position() + Integer.BYTES);
                    in.position(in.position() + RelayMain.ANSWER_BYTES);
                    Body body = given[name];
                    free[--count] = name;
                    body.answer.complete(body.number + 1);
                }
                if (count <= WINDOW / 2) {
                    more.wake();
                }
            }
        }
    }

    private void submit(Body body) {
        waiting.add(body);
        if (called.compareAndSet(false, true)) {
            loop.callFromThread(() -> {
                called.set(false);
                ways.forEach(way -> way.more.wake());
            });
        }
    }

    @Override
    public double[] round() throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        List<CompletableFuture<Long>> answers = new ArrayList<>(bodies);
        for (int i = 0; i < bodies; i++) {
            var body = new Body(i, new CompletableFuture<>());
            answers.add(body.answer);
            submit(body);
        }
        for (int i = 0; i < bodies; i++) {
            if (answers.get(i).get() != i + 1) {
                throw new IllegalStateException("a result is wrong");
            }
        }
        return new double[]{(double) (System.nanoTime() - start) / bodies};
    }

    @Override
    public void close() {
        end.set();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        relays.forEach(ServerProcess::close);
    }
}
