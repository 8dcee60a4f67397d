package dev.heddle.bench;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The servers that are compared: each echoes what it reads, in a process of its own, on one processor; only the one
 * with two loops has all. Those that speak TLS are compared with each other.
 */
enum EchoServer {
    C_EPOLL("C on epoll", Language.C, "echo_epoll"),
    C_IO_URING("C on io_uring", Language.C, "echo_uring"),
    SELECTOR("Java selector", Language.JAVA, "nio"),
    THREADS("Java virtual threads", Language.JAVA, "threads"),
    NETTY_NIO("Netty on NIO", Language.JAVA, "netty-nio"),
    NETTY_EPOLL("Netty on epoll", Language.JAVA, "netty-epoll"),
    NETTY_IO_URING("Netty on io_uring", Language.JAVA, "netty-io_uring"),
    UVLOOP("uvloop", Language.PYTHON, "uvloop"),
    ASYNCIO("asyncio", Language.PYTHON, "asyncio"),
    GEVENT("gevent", Language.PYTHON, "gevent"),
    HEDDLE_NIO("Heddle on NIO", Language.JAVA, "heddle", "nio"),
    HEDDLE_EPOLL("Heddle on epoll", Language.JAVA, "heddle", "epoll"),
    HEDDLE_IO_URING("Heddle on io_uring", Language.JAVA, "heddle", "io_uring"),
    HEDDLE_TWO_LOOPS("Heddle, two loops beside the load", Language.JAVA, "heddle-2"),
    TLS_NETTY_NIO("Netty on NIO, JDK's engine", Language.JAVA, "netty-nio-tls"),
    TLS_NETTY_EPOLL("Netty on epoll, JDK's engine", Language.JAVA, "netty-epoll-tls"),
    TLS_THREADS("SSLSocket, virtual threads", Language.JAVA, "threads-tls"),
    TLS_HEDDLE_NIO("Heddle on NIO", Language.JAVA, "heddle-tls", "nio"),
    TLS_HEDDLE_EPOLL("Heddle on epoll", Language.JAVA, "heddle-tls", "epoll"),
    TLS_HEDDLE_IO_URING("Heddle on io_uring", Language.JAVA, "heddle-tls", "io_uring"),
    TLS_HEDDLE_EPOLL_OPENSSL("Heddle on epoll, OpenSSL", Language.JAVA, "heddle-openssl-tls", "epoll"),
    TLS_HEDDLE_IO_URING_OPENSSL("Heddle on io_uring, OpenSSL", Language.JAVA, "heddle-openssl-tls", "io_uring");

    /** What a server is written in. */
    enum Language {
        C,
        JAVA,
        PYTHON
    }

    private static final Map<EchoServer, Boolean> STARTS = new ConcurrentHashMap<>();

    private final String title;
    private final Language language;
    private final String kind;
    private final String engine;

    EchoServer(String title, Language language, String kind) {
        this(title, language, kind, "");
    }

    EchoServer(String title, Language language, String kind, String engine) {
        this.title = title;
        this.language = language;
        this.kind = kind;
        this.engine = engine;
    }

    /** Those that speak TLS. */
    static List<EchoServer> withTls() {
        return Stream.of(values()).filter(EchoServer::isTls).toList();
    }

    /** All without TLS that are on one processor, but those that are named. */
    static List<EchoServer> allBut(EchoServer... others) {
        List<EchoServer> some = new ArrayList<>(List.of(values()));
        some.remove(HEDDLE_TWO_LOOPS);
        some.removeAll(withTls());
        some.removeAll(List.of(others));
        return some;
    }

    /** A side for each server. */
    static List<Side> sides(List<EchoServer> servers, Function<EchoServer, ? extends Workload> workload) {
        return servers.stream().map(server -> server.side(workload)).toList();
    }

    private Side side(Function<EchoServer, ? extends Workload> workload) {
        Side side = isOurs()
                ? Side.ours(title, () -> workload.apply(this))
                : Side.peer(title, () -> workload.apply(this));
        if (!isJava()) {
            side = side.asSteady();
        }
        // The load on TLS is a JVM, the other is in C.
        return (isTls() ? side : side.needing(CProgram.COMPILER))
                .needing(Need.program("taskset"))
                .needing(Need.secondProcessor("for the load"))
                .needing(need());
    }

    private Need need() {
        return switch (language) {
            case C, JAVA -> new Need(
                    engine.isEmpty() ? "a kernel that allows it" : "the engine " + engine + " to work here",
                    this::starts);
            case PYTHON -> Python.need(kind);
        };
    }

    private boolean isOurs() {
        return kind.startsWith("heddle");
    }

    /** Whether it starts, and with the engine that was asked for. */
    private boolean starts() {
        return STARTS.computeIfAbsent(this, server -> {
            try (EchoProcess process = EchoProcess.start(server)) {
                return engine.isEmpty() || engine.equals(process.engine());
            } catch (IllegalStateException | UncheckedIOException e) {
                return false;
            }
        });
    }

    boolean isTls() {
        return kind.endsWith(EchoMain.TLS);
    }

    boolean isPinned() {
        return this != HEDDLE_TWO_LOOPS;
    }

    boolean isJava() {
        return language == Language.JAVA;
    }

    /** What Heddle's engine is chosen by; empty for the others and for the default. */
    String engine() {
        return engine;
    }

    /**
     * The command that starts it, not yet pinned.
     *
     * @param options for a JVM, besides those of this one
     */
    List<String> command(List<String> options) {
        return switch (language) {
            case C -> List.of(CProgram.command(kind));
            case JAVA -> Peer.java(withTlsEngine(options), EchoMain.class, kind);
            case PYTHON -> Python.command("echo_server.py", kind);
        };
    }

    private List<String> withTlsEngine(List<String> options) {
        if (!isOurs() || !isTls()) {
            return options;
        }
        List<String> all = new ArrayList<>(options);
        all.add(SiteServer.TLS_ENGINE + (kind.contains(SiteServer.OPENSSL) ? SiteServer.OPENSSL : "jdk"));
        return all;
    }
}
