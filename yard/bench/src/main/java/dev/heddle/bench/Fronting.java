package dev.heddle.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** The benchmarks of what stands in front: a reverse proxy, and a server of files. */
final class Fronting {

    /** Connections of the larger loads. */
    static final int MANY = 512;

    private static final int SOME = 64;

    /** Connections of HTTP/2. */
    private static final int FEW = 16;

    /** A hop takes a young JVM half a minute until all of it is compiled, on a slow processor more. */
    private static final int WARM_UPS = 20;

    private static final int WARM_UPS_OF_THE_GATE = 40;

    private static final int ROUNDS = 5;
    private static final int MEBI = 1 << 20;

    /** The file of ten mebibytes. */
    private static final String HUGE_PATH = "/huge";

    private static final int MANY_FILES = 10_000;

    /** A document that lies there compressed, too. */
    static final String PACKED_PATH = "/packed.json";

    /** The engines of ours that are compared: those that Linux servers have. */
    enum Engine {
        EPOLL("Heddle on epoll", "epoll"),
        IO_URING("Heddle on io_uring", "io_uring");

        final String side;
        final String property;

        Engine(String side, String property) {
            this.side = side;
            this.property = property;
        }
    }

    private Fronting() {}

    static List<Benchmark> benchmarks() {
        return List.of(
                benchmark(
                        "http-hop",
                        "A page of 1 KiB or 100 KiB through a reverse proxy, over kept connections; the proxy has one processor, its load and the nginx behind it the other",
                        List.of(", 1 KiB", ", 100 KiB", ", 1 KiB over 512 connections"),
                        List.of(
                                Serving.wrk(Site.KIB_PATH, SOME),
                                Serving.wrk(Site.LARGE_PATH, SOME),
                                Serving.wrk(Site.KIB_PATH, MANY)),
                        List.of(
                                new Maker("nginx, one worker", "nginx", () -> nginx(SiteMode.PLAIN)),
                                new Maker("HAProxy, one thread", "haproxy", () -> haproxy(SiteMode.PLAIN))),
                        Fronting::hop),
                hopUnderTls(),
                benchmark(
                        "http-files",
                        "A file of 1 KiB, 100 KiB or 10 MiB over 64 kept connections; the server has one processor, the load the other",
                        List.of(", 1 KiB", ", 100 KiB", ", 10 MiB"),
                        List.of(
                                Serving.wrk(Site.KIB_PATH, SOME),
                                Serving.wrk(Site.LARGE_PATH, SOME),
                                Serving.wrk(HUGE_PATH, SOME)),
                        List.of(new Maker("nginx, one worker", "nginx", Fronting::nginxOfFiles)),
                        Fronting::ofFiles),
                benchmark(
                        "http-files-more",
                        "One of 10,000 files of 1 KiB, a range of 64 KiB out of 10 MiB, or the compressed file beside a document of 50 KiB, over 64 kept connections; the server has one processor, the load the other",
                        List.of(", 10,000 files", ", a range", ", compressed"),
                        List.of(
                                Serving.wrk("/", SOME, "-s", Home.LUA_SOURCES.resolve("many.lua").toString()),
                                Serving.wrk(HUGE_PATH, SOME, "-H", "Range: bytes=1000000-1065535"),
                                Serving.wrk(PACKED_PATH, SOME, "-H", "Accept-Encoding: gzip")),
                        List.of(new Maker("nginx, one worker", "nginx", Fronting::nginxOfMany)),
                        Fronting::ofMany));
    }

    /** A side that is not ours. */
    private record Maker(String name, String program, Supplier<SiteProcess> process) {}

    private interface Ours {
        SiteProcess start(Engine engine);
    }

    private static Benchmark benchmark(String name, String what, List<String> over, List<Serving.Asking> all,
            List<Maker> peers, Ours ours) {
        List<Serving.Asking> loads = all.subList(0, Counts.isGate() ? 1 : all.size());
        List<Side> sides = new ArrayList<>();
        for (Maker each : peers) {
            sides.add(Side.peer(each.name, () -> new Serving(each.name, each.process.get(), loads))
                    .asSteady()
                    .needing(Need.program(each.program)));
        }
        for (Engine each : Engine.values()) {
            sides.add(Side.ours(each.side, () -> new Serving(each.side, ours.start(each), loads))
                    .needing(new Need("the engine " + each.property + " to work here", () -> works(each))));
        }
        List<Side> needing = sides.stream()
                .map(side -> side.needing(Need.program("taskset"))
                        .needing(Need.secondProcessor("for the load"))
                        .needing(Need.program("nginx"))
                        .needing(Wrk.NEED))
                .toList();
        int warmUps = Counts.isGate() ? WARM_UPS_OF_THE_GATE : Counts.rounds(WARM_UPS);
        return new Benchmark(name, what, warmUps, Counts.rounds(ROUNDS),
                Serving.measures(over.subList(0, loads.size())), needing);
    }

    private static boolean works(Engine engine) {
        try (SiteProcess process = ofFiles(engine)) {
            return process.engine().equals(engine.property);
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }

    private static SiteProcess nginx(SiteMode mode) {
        Nginx behind = Nginx.startUpstream();
        return SiteProcess.of(mode, Nginx.startProxy(mode, behind), behind);
    }

    private static SiteProcess haproxy(SiteMode mode) {
        Nginx behind = Nginx.startUpstream();
        return SiteProcess.of(mode, HaProxy.start(mode, behind), behind);
    }

    static SiteProcess hop(Engine engine) {
        Nginx behind = Nginx.startUpstream();
        return SiteProcess.ofOurs(engine.side, engine.property, FrontMain.class, behind.address(), behind);
    }

    private static Benchmark hopUnderTls() {
        List<Serving.Asking> loads = List.of(Serving.wrk(Site.KIB_PATH, SOME), Serving.h2load(Site.KIB_PATH, FEW));
        List<Side> sides = Stream.of(
                Side.peer("nginx, one worker", () -> serving("nginx", nginx(SiteMode.TLS), loads)).asSteady(),
                Side.peer("HAProxy, one thread", () -> serving("HAProxy", haproxy(SiteMode.TLS), loads)).asSteady()
                        .needing(HaProxy.NEED),
                Side.ours("Heddle on epoll", () -> serving("Heddle", hopUnderTls("jdk"), loads)),
                Side.ours("Heddle on epoll, OpenSSL", () -> serving("Heddle", hopUnderTls(SiteServer.OPENSSL), loads)))
                .map(side -> side.needing(Need.program("taskset"))
                        .needing(Need.secondProcessor("for the load"))
                        .needing(Need.program("nginx"))
                        .needing(Wrk.NEED)
                        .needing(H2Load.NEED))
                .toList();
        return new Benchmark("http-hop-tls",
                "A page of 1 KiB through a reverse proxy under " + TlsCertificate.CIPHER_SUITE
                        + ", over 64 connections, or by HTTP/2 over 16 with 16 streams each; the proxy has one processor, its load and the nginx behind it, without TLS, the other",
                Counts.rounds(WARM_UPS), Counts.rounds(ROUNDS),
                Serving.measures(List.of(", HTTP/1.1", ", HTTP/2")), sides);
    }

    private static Serving serving(String who, SiteProcess process, List<Serving.Asking> loads) {
        return new Serving(who, process, loads);
    }

    static SiteProcess hopUnderTls(String tls) {
        Nginx behind = Nginx.startUpstream();
        return SiteProcess.ofOurs(SiteMode.TLS, "Heddle", Engine.EPOLL.property,
                Peer.image(List.of(SiteServer.TLS_ENGINE + tls), FrontMain.class, behind.address(),
                        SiteMode.TLS.argument()),
                behind);
    }

    private static SiteProcess nginxOfFiles() {
        Path files = files();
        return SiteProcess.of(Nginx.startPinned(files), () -> delete(files));
    }

    private static SiteProcess nginxOfMany() {
        Path files = files();
        return SiteProcess.of(Nginx.startPinnedOfMany(files), () -> delete(files));
    }

    private static SiteProcess ofMany(Engine engine) {
        Path files = files();
        return SiteProcess.ofOurs(SiteMode.PLAIN, engine.side, engine.property,
                Peer.image(List.of(), FrontMain.class, files.toString(), FrontMain.PRECOMPRESSED),
                () -> delete(files));
    }

    static SiteProcess ofFiles(Engine engine) {
        Path files = files();
        return SiteProcess.ofOurs(engine.side, engine.property, FrontMain.class, files.toString(),
                () -> delete(files));
    }

    private static Path files() {
        try {
            Path files = Files.createTempDirectory("heddle-bench-files");
            // nginx's worker may be another user than this one.
            Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
            write(files, Site.KIB_PATH, Site.KIB_BYTES);
            write(files, Site.LARGE_PATH, Site.LARGE_BYTES);
            write(files, HUGE_PATH, 10 * MEBI);
            Files.createDirectory(files.resolve("many"));
            for (int i = 0; i < MANY_FILES; i++) {
                write(files, "/many/" + i, Site.KIB_BYTES);
            }
            Path document = Files.write(files.resolve(PACKED_PATH.substring(1)), Packing.document());
            try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(Path.of(document + ".gz")))) {
                packed.write(Packing.document());
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path files, String path, int bytes) throws IOException {
        Files.write(files.resolve(path.substring(1)), new byte[bytes]);
    }

    private static void delete(Path files) throws IOException {
        try (Stream<Path> walk = Files.walk(files)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
