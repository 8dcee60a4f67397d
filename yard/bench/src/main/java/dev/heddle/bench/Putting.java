package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The benchmarks of what it costs a server to take large bodies. */
final class Putting implements Workload {

    private static final int MEBI = 1 << 20;
    private static final int AT_ONCE = 4;

    private static final int MEBI_OF_EACH = Counts.isQuick() ? 16 : 256;

    private static final int MEBI_OF_ALL = AT_ONCE * MEBI_OF_EACH;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 5;
    private static final double MICROS = 1e3;
    private static final double NANOS_OF_A_SECOND = 1e9;
    private static final double MEGA = 1e6;
    private static final int SUCCESS = 200;
    private static final int NO_SUCCESS = 300;

    /** What a server does with a body. */
    private enum Kind {
        DISCARD("discarded", PutMain.DISCARD_PATH),
        HASH("hashed", PutMain.HASH_PATH),
        SAVE("saved", PutMain.SAVE_PATH);

        final String done;
        final String path;

        Kind(String done, String path) {
            this.done = done;
            this.path = path;
        }
    }

    private final SiteServer who;
    private final SiteMode mode;
    private final Path directory;
    private final Path file;
    private final String digest;
    private final SiteProcess server;

    private Putting(SiteServer who, SiteMode mode) {
        this.who = who;
        this.mode = mode;
        try {
            Files.createDirectories(Home.UPLOADS);
            this.directory = Files.createTempDirectory(Home.UPLOADS, "put");
            this.file = directory.resolve("body");
            this.digest = PutMain.hex(write(file));
            Path saved = Files.createDirectory(directory.resolve("saved"));
            // nginx's worker may be another user than this one.
            for (Path each : List.of(directory, saved)) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            this.server = start(who, mode, saved, () -> delete(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts a server that takes bodies.
     *
     * @param saved where it saves
     * @param behind what ends after it
     */
    static SiteProcess start(SiteServer server, SiteMode mode, Path saved, AutoCloseable behind)
            throws IOException, GeneralSecurityException {
        return server == SiteServer.NGINX
                ? SiteProcess.of(mode, Nginx.startTaking(mode, saved), behind)
                : SiteProcess.start(server, mode, PutMain.class, "put_server.py", saved, behind);
    }

    /** The same bytes for all, which nothing makes shorter. */
    private static byte[] write(Path file) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(PutMain.DIGEST);
        var random = new Random(1);
        byte[] bytes = new byte[MEBI];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < MEBI_OF_EACH; i++) {
                random.nextBytes(bytes);
                digest.update(bytes);
                out.write(bytes);
            }
        }
        return digest.digest();
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "http-put",
                        "four curls at once put over HTTP/1.1",
                        SiteMode.PLAIN,
                        SiteServer.NGINX, SiteServer.NETTY_EPOLL, SiteServer.VERTX, SiteServer.JDK, SiteServer.AIOHTTP,
                        SiteServer.HEDDLE_NIO, SiteServer.HEDDLE_EPOLL, SiteServer.HEDDLE_IO_URING),
                benchmark(
                        "http-put-tls",
                        "four curls at once put over HTTP/1.1 under " + TlsCertificate.CIPHER_SUITE,
                        SiteMode.TLS,
                        SiteServer.NGINX, SiteServer.NETTY_EPOLL, SiteServer.VERTX, SiteServer.JDK, SiteServer.AIOHTTP,
                        SiteServer.HEDDLE_EPOLL, SiteServer.HEDDLE_IO_URING, SiteServer.HEDDLE_EPOLL_OPENSSL,
                        SiteServer.HEDDLE_IO_URING_OPENSSL),
                benchmark(
                        "http-put-2",
                        "four curls at once put over HTTP/2 without TLS",
                        SiteMode.HTTP_2,
                        SiteServer.NGINX, SiteServer.VERTX,
                        SiteServer.HEDDLE_NIO, SiteServer.HEDDLE_EPOLL, SiteServer.HEDDLE_IO_URING));
    }

    private static Benchmark benchmark(String name, String load, SiteMode mode, SiteServer... servers) {
        List<Side> sides = SiteServer.sides(List.of(servers), mode, server -> new Putting(server, mode)).stream()
                .map(side -> side.needing(Curl.NEED))
                .toList();
        return new Benchmark(
                name,
                String.format("A server discards, hashes by SHA-256 or saves %,d MiB that %s; the server has one"
                        + " processor, the load the other", MEBI_OF_ALL, load),
                Counts.warmUps(WARM_UPS),
                Counts.rounds(ROUNDS),
                measures(),
                sides);
    }

    private static List<Measure> measures() {
        List<Measure> measures = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            measures.add(new Measure("CPU of a MiB, server only, " + kind.done, "us"));
            measures.add(new Measure("MiB that are " + kind.done, "/s"));
        }
        measures.add(new Measure("memory after it", "MB"));
        return measures;
    }

    @Override
    public double[] round() throws Exception {
        Kind[] kinds = Kind.values();
        double[] numbers = new double[2 * kinds.length + 1];
        for (int i = 0; i < kinds.length; i++) {
            System.arraycopy(measured(kinds[i]), 0, numbers, 2 * i, 2);
        }
        numbers[2 * kinds.length] = server.residentBytes() / MEGA;
        return numbers;
    }

    private double[] measured(Kind kind) throws Exception {
        if (!knows(kind)) {
            return new double[]{Double.NaN, Double.NaN};
        }
        List<String> urls = IntStream.range(0, AT_ONCE)
                .mapToObj(number -> server.url(kind.path + number))
                .toList();
        long cpu = server.cpuNanos();
        long start = System.nanoTime();
        try {
            List<Curl> answers = Curl.putAtOnce(urls, file,
                    List.of(mode == SiteMode.HTTP_2 ? "--http2-prior-knowledge" : "--http1.1"));
            double seconds = (System.nanoTime() - start) / NANOS_OF_A_SECOND;
            for (int i = 0; i < AT_ONCE; i++) {
                check(kind, i, answers.get(i));
            }
            return new double[]{(server.cpuNanos() - cpu) / MICROS / MEBI_OF_ALL, MEBI_OF_ALL / seconds};
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(who + ": " + e.getMessage());
            return new double[]{CANNOT, CANNOT};
        } finally {
            server.awaitRest();
        }
    }

    /** nginx hashes nothing, and says under HTTP/2 that it wants no more of what it discards. */
    private boolean knows(Kind kind) {
        return who != SiteServer.NGINX || kind == Kind.SAVE || (kind == Kind.DISCARD && mode != SiteMode.HTTP_2);
    }

    private void check(Kind kind, int number, Curl answer) throws IOException {
        long bytes = (long) MEBI_OF_EACH * MEBI;
        Path saved = directory.resolve("saved").resolve(Integer.toString(number));
        boolean right = answer.status() >= SUCCESS && answer.status() < NO_SUCCESS && answer.sentBytes() == bytes
                && switch (kind) {
                    case DISCARD -> who == SiteServer.NGINX || answer.body().equals(Long.toString(bytes));
                    case HASH -> answer.body().equals(digest);
                    case SAVE -> Files.size(saved) == bytes;
                };
        Files.deleteIfExists(saved);
        if (!right) {
            throw new IOException("what was to be " + kind.done + " is not: " + answer);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
