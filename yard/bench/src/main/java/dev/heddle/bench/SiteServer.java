package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The HTTP servers that are compared: each has the pages of {@link Site}, in a process of its own, on one processor.
 */
enum SiteServer {
    C_EPOLL("C on epoll, looks at no request", "echo_epoll"),
    C_IO_URING("C on io_uring, looks at no request", "echo_uring"),
    NGINX("nginx, one worker", "nginx"),
    NETTY_EPOLL("Netty on epoll", "netty-epoll"),
    NETTY_IO_URING("Netty on io_uring", "netty-io_uring"),
    VERTX("Vert.x", "vertx"),
    HELIDON("Helidon", "helidon"),
    JETTY("Jetty", "jetty"),
    JDK("com.sun.net.httpserver, virtual threads", "jdk"),
    AIOHTTP("aiohttp on uvloop", "aiohttp"),
    TORNADO("Tornado", "tornado"),
    TWISTED("Twisted", "twisted"),
    HEDDLE_NIO("Heddle on NIO", "heddle", "nio"),
    HEDDLE_EPOLL("Heddle on epoll", "heddle", "epoll"),
    HEDDLE_IO_URING("Heddle on io_uring", "heddle", "io_uring"),
    HEDDLE_EPOLL_OPENSSL("Heddle on epoll, OpenSSL", "heddle-openssl", "epoll"),
    HEDDLE_IO_URING_OPENSSL("Heddle on io_uring, OpenSSL", "heddle-openssl", "io_uring");

    /** What Heddle's implementation of TLS is chosen by. */
    static final String TLS_ENGINE = "-Dheddle.tls=";

    static final String OPENSSL = "openssl";

    private record Start(SiteServer server, SiteMode mode) {}

    private static final Map<Start, Boolean> WORKS = new ConcurrentHashMap<>();

    private final String title;
    private final String kind;
    private final String engine;

    SiteServer(String title, String kind) {
        this(title, kind, "");
    }

    SiteServer(String title, String kind, String engine) {
        this.title = title;
        this.kind = kind;
        this.engine = engine;
    }

    /** All that can be made to speak so, the floor first. */
    static List<SiteServer> all(SiteMode mode) {
        return switch (mode) {
            case PLAIN -> whoAre(server -> !server.isFloor() && !server.isByOpenssl());
            case TLS -> whoAre(server -> !server.isFloor());
            case HTTP_2 -> List.of(NGINX, VERTX, JETTY, HEDDLE_NIO, HEDDLE_EPOLL, HEDDLE_IO_URING);
            case WEB_SOCKET -> List.of(NETTY_EPOLL, NETTY_IO_URING, VERTX, HELIDON, JETTY, AIOHTTP, TORNADO, HEDDLE_NIO,
                    HEDDLE_EPOLL, HEDDLE_IO_URING);
        };
    }

    private static List<SiteServer> whoAre(Predicate<SiteServer> wanted) {
        return Stream.of(values()).filter(wanted).toList();
    }

    /** The least that a request costs, which is the kernel's work, and those that come near it. */
    static List<SiteServer> nearTheFloor() {
        return List.of(C_EPOLL, C_IO_URING, NGINX, NETTY_EPOLL, NETTY_IO_URING, HEDDLE_NIO, HEDDLE_EPOLL,
                HEDDLE_IO_URING);
    }

    /** All for plain HTTP/1.1 that are in a class with each other: those in Python are a tenth as fast. */
    static List<SiteServer> quick() {
        List<SiteServer> some = new ArrayList<>(all(SiteMode.PLAIN));
        some.removeAll(List.of(AIOHTTP, TORNADO, TWISTED));
        return some;
    }

    /** A side for each server. */
    static List<Side> sides(List<SiteServer> servers, SiteMode mode,
            Function<SiteServer, ? extends Workload> workload) {
        return servers.stream().map(server -> server.side(mode, workload)).toList();
    }

    private Side side(SiteMode mode, Function<SiteServer, ? extends Workload> workload) {
        Side side = kind.startsWith("heddle")
                ? Side.ours(title, () -> workload.apply(this))
                : Side.peer(title, () -> workload.apply(this));
        for (Need need : needs(mode).toList()) {
            side = side.needing(need);
        }
        return isSteady() ? side.asSteady() : side;
    }

    private Stream<Need> needs(SiteMode mode) {
        Stream<Need> all = Stream.of(
                Need.program("taskset"), Need.secondProcessor("for the load"));
        return Stream.concat(all, switch (this) {
            case C_EPOLL, C_IO_URING ->
                Stream.of(CProgram.COMPILER, new Need("a kernel that allows it", () -> works(mode)));
            case NGINX -> Stream.of(Need.program("nginx"));
            case AIOHTTP -> Stream.of(Python.need("aiohttp"), Python.need("uvloop"));
            case TORNADO -> Stream.of(Python.need("tornado"));
            case TWISTED -> mode == SiteMode.TLS
                    ? Stream.of(Python.need("twisted"), Python.need("OpenSSL"))
                    : Stream.of(Python.need("twisted"));
            case VERTX, HELIDON, JETTY, JDK -> Stream.of();
            case NETTY_EPOLL, NETTY_IO_URING, HEDDLE_NIO, HEDDLE_EPOLL, HEDDLE_IO_URING, HEDDLE_EPOLL_OPENSSL,
                    HEDDLE_IO_URING_OPENSSL ->
                Stream.of(new Need(advice(mode), () -> works(mode)));
        });
    }

    private String advice(SiteMode mode) {
        String what = engine.isEmpty() ? "a kernel that allows it" : "the engine " + engine + " to work here";
        return mode == SiteMode.HTTP_2 ? what + ", and HTTP/2" : what;
    }

    /** Whether it starts, with the engine that was asked for, and speaks the protocol. */
    private boolean works(SiteMode mode) {
        return WORKS.computeIfAbsent(new Start(this, mode), start -> {
            try (SiteProcess process = SiteProcess.start(this, mode)) {
                return (engine.isEmpty() || engine.equals(process.engine()))
                        && (mode != SiteMode.HTTP_2 || SiteProbe.speaksHttp2(process));
            } catch (IllegalStateException | UncheckedIOException | IOException e) {
                return false;
            }
        });
    }

    private boolean isSteady() {
        return switch (this) {
            case C_EPOLL, C_IO_URING, NGINX, AIOHTTP, TORNADO, TWISTED -> true;
            case NETTY_EPOLL, NETTY_IO_URING, VERTX, HELIDON, JETTY, JDK, HEDDLE_NIO, HEDDLE_EPOLL, HEDDLE_IO_URING,
                    HEDDLE_EPOLL_OPENSSL, HEDDLE_IO_URING_OPENSSL ->
                false;
        };
    }

    private boolean isFloor() {
        return this == C_EPOLL || this == C_IO_URING;
    }

    private boolean isByOpenssl() {
        return kind.endsWith(OPENSSL);
    }

    /** What Heddle's engine is chosen by; empty for the others. */
    String engine() {
        return engine;
    }

    /** The command that starts it, not yet pinned. For all but nginx, which has {@link Nginx}. */
    List<String> command(SiteMode mode) throws IOException, GeneralSecurityException {
        return this == C_EPOLL || this == C_IO_URING
                ? List.of(CProgram.command(kind), Site.answer())
                : command(mode, SiteMain.class, "site_server.py");
    }

    /**
     * The command that starts another server by the same means, not yet pinned. For all in a JVM or in Python.
     *
     * @param program of those in a JVM; takes the kind, the mode and what else there is
     * @param script of those in Python; takes the kind, a file for TLS and what else there is
     */
    List<String> command(SiteMode mode, Class<?> program, String script, String... besides)
            throws IOException, GeneralSecurityException {
        return switch (this) {
            case C_EPOLL, C_IO_URING, NGINX -> throw new IllegalArgumentException(title + " is one program");
            case AIOHTTP, TORNADO, TWISTED -> Python.command(
                    script, with(kind, mode == SiteMode.TLS ? OpenSsl.certificate().toString() : "", besides));
            case JDK -> Peer.java(SiteJdk.OPTIONS, program, with(kind, mode.argument(), besides));
            case NETTY_EPOLL, NETTY_IO_URING, VERTX, HELIDON, JETTY ->
                Peer.java(List.of(), program, with(kind, mode.argument(), besides));
            case HEDDLE_NIO, HEDDLE_EPOLL, HEDDLE_IO_URING, HEDDLE_EPOLL_OPENSSL, HEDDLE_IO_URING_OPENSSL ->
                Peer.image(List.of(TLS_ENGINE + (isByOpenssl() ? OPENSSL : "jdk")), program,
                        with(kind, mode.argument(), besides));
        };
    }

    private static String[] with(String first, String second, String... besides) {
        return Stream.concat(Stream.of(first, second), Stream.of(besides)).toArray(String[]::new);
    }
}
