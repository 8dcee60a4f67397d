package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** A server of the site that runs, as a child of this process, on the first processor. */
final class SiteProcess implements AutoCloseable {

    private final SiteMode mode;
    private final AutoCloseable process;
    private final int port;
    private final String engine;
    private final List<Long> pids;
    private final List<ProcessClock> clocks;

    private SiteProcess(SiteMode mode, ServerProcess process) {
        this(mode, process, process.port(), process.engine(), List.of(process.pid()));
    }

    private SiteProcess(SiteMode mode, Nginx nginx) {
        this(mode, nginx, nginx.port(), "nginx", nginx.pids());
    }

    private SiteProcess(SiteMode mode, AutoCloseable process, int port, String engine, List<Long> pids) {
        this.mode = mode;
        this.process = process;
        this.port = port;
        this.engine = engine;
        this.pids = pids;
        this.clocks = pids.stream().map(ProcessClock::new).toList();
    }

    /**
     * Starts a server and returns when it can be reached; where requests of HTTP/1.1 are the load, when it has answered
     * one, for which a JVM that has just begun may take longer than a short load lasts.
     *
     * @throws IllegalStateException if it ends instead
     */
    static SiteProcess start(SiteServer server, SiteMode mode) {
        return start(server, mode, 1);
    }

    /**
     * Starts one that must hold many.
     *
     * @param connections how many at once, at least
     */
    static SiteProcess start(SiteServer server, SiteMode mode, int connections) {
        try {
            SiteProcess process = server == SiteServer.NGINX
                    ? new SiteProcess(mode, Nginx.startSite(mode, connections))
                    : new SiteProcess(
                            mode, ServerProcess.start(server.toString(), server.command(mode), true, server.engine()));
            process.awaitAnswer();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the server " + server, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot start the server " + server, e);
        }
    }

    /**
     * Starts another server by the means of one of these, which must be no nginx.
     *
     * @param program as {@link SiteServer#command(SiteMode, Class, String, String...)} takes it
     * @param script as the program
     * @param behind what ends after it
     */
    static SiteProcess start(SiteServer server, SiteMode mode, Class<?> program, String script, Path argument,
            AutoCloseable behind) throws IOException, GeneralSecurityException {
        List<String> command = server.command(mode, program, script, argument.toString());
        ServerProcess process = ServerProcess.start(server.toString(), command, true, server.engine());
        return new SiteProcess(mode, both(process, behind), process.port(), process.engine(), List.of(process.pid()));
    }

    /** A server of ours with a main class of its own, for plain HTTP/1.1, and what ends after it. */
    static SiteProcess ofOurs(String name, String engine, Class<?> program, String argument, AutoCloseable behind) {
        return ofOurs(SiteMode.PLAIN, name, engine, Peer.image(List.of(), program, argument), behind);
    }

    /** A server of ours by its command, and what ends after it. */
    static SiteProcess ofOurs(SiteMode mode, String name, String engine, List<String> command, AutoCloseable behind) {
        ServerProcess process = ServerProcess.start(name, command, true, engine);
        return new SiteProcess(mode, both(process, behind), process.port(), process.engine(), List.of(process.pid()));
    }

    /** A server for plain HTTP/1.1 that says where it listens, and ends with its input. */
    static SiteProcess of(String name, List<String> command) {
        return new SiteProcess(SiteMode.PLAIN, ServerProcess.start(name, command, true, ""));
    }

    /** An nginx for plain HTTP/1.1, and what ends after it. */
    static SiteProcess of(Nginx nginx, AutoCloseable behind) {
        return of(SiteMode.PLAIN, nginx, behind);
    }

    /** An nginx, and what ends after it. */
    static SiteProcess of(SiteMode mode, Nginx nginx, AutoCloseable behind) {
        return new SiteProcess(mode, both(nginx, behind), nginx.port(), "nginx", nginx.pids());
    }

    /** A HAProxy, and what ends after it. */
    static SiteProcess of(SiteMode mode, HaProxy proxy, AutoCloseable behind) {
        return new SiteProcess(mode, both(proxy, behind), proxy.port(), "haproxy", List.of(proxy.pid()));
    }

    private static AutoCloseable both(AutoCloseable first, AutoCloseable second) {
        return () -> {
            try (second) {
                first.close();
            }
        };
    }

    private void awaitAnswer() throws IOException, GeneralSecurityException {
        if (mode == SiteMode.PLAIN || mode == SiteMode.TLS) {
            try {
                SiteProbe.get(this, Site.TEXT_PATH);
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    SiteMode mode() {
        return mode;
    }

    int port() {
        return port;
    }

    /** What it waits with, or who it is. */
    String engine() {
        return engine;
    }

    String url(String path) {
        return mode.scheme() + "://127.0.0.1:" + port + path;
    }

    /** The process that answers. */
    long pid() {
        return pids.getLast();
    }

    /** CPU time that all its processes have used, in nanoseconds. */
    long cpuNanos() {
        return clocks.stream().mapToLong(ProcessClock::nanos).sum();
    }

    /**
     * The bytes that it has ever taken from its heap.
     *
     * @throws IllegalStateException if it is no JVM
     */
    long allocatedBytes() {
        if (process instanceof ServerProcess server) {
            return Long.parseLong(server.ask(EchoMain.ALLOCATED));
        }
        throw new IllegalStateException(engine + " has no heap of Java");
    }

    /** Returns when it has done all that it had to. */
    void awaitRest() throws InterruptedException {
        Clock.awaitRest(this::cpuNanos);
    }

    /** Memory of all its processes that is in use. */
    long residentBytes() throws IOException {
        long bytes = 0;
        for (long pid : pids) {
            bytes += Memory.residentOf(pid);
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            process.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
