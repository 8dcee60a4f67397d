package dev.heddle.bench;

import java.util.List;

/** An echo server that runs, as a child of this process. */
final class EchoProcess implements AutoCloseable {

    private final EchoServer server;
    private final ServerProcess process;

    private EchoProcess(EchoServer server, ServerProcess process) {
        this.server = server;
        this.process = process;
    }

    /**
     * Starts a server and returns when it can be reached.
     *
     * @param options for its JVM, if it has one
     * @throws IllegalStateException if it ends instead
     */
    static EchoProcess start(EchoServer server, String... options) {
        return new EchoProcess(server, ServerProcess.start(
                server.toString(), server.command(List.of(options)), server.isPinned(), server.engine()));
    }

    EchoServer server() {
        return server;
    }

    int port() {
        return process.port();
    }

    /** What a server of ours waits with; empty for servers that do not say. */
    String engine() {
        return process.engine();
    }

    long pid() {
        return process.pid();
    }

    /** The bytes of its heap that are in use after a collection; 0 if it is no JVM. */
    long heapBytes() {
        return server.isJava() ? Long.parseLong(process.ask(EchoMain.HEAP)) : 0;
    }

    /** The bytes that it has ever taken from its heap. It must be a JVM. */
    long allocatedBytes() {
        return Long.parseLong(process.ask(EchoMain.ALLOCATED));
    }

    /** Returns when it has done all that it had to. */
    void awaitRest() throws InterruptedException {
        Clock.awaitRest(new ProcessClock(pid())::nanos);
    }

    @Override
    public void close() {
        process.close();
    }
}
