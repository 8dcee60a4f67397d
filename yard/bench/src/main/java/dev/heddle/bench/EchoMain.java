package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * The main program of an echo server in a JVM: it says {@code ready PORT ENGINE}, answers each line of its input with
 * a number, and ends with its input.
 */
final class EchoMain {

    /** How the kind of a server with TLS ends. */
    static final String TLS = "-tls";

    /** The question for the bytes that have ever been allocated. */
    static final String ALLOCATED = "allocated";

    /** The question for the bytes of the heap that are in use after a collection. */
    static final String HEAP = "heap";

    /** Most connections that the system keeps waiting to be accepted; all servers take the same. */
    static final int BACKLOG = 4096;

    /**
     * The room of what is read in one step; all servers take the same, the one in C too. More than the largest message, so
     * that a read of one comes short and nobody has to look for more.
     */
    static final int BUFFER_BYTES = 17 * 1024;

    /**
     * A server that is ready.
     *
     * @param port where it listens on the loopback address
     * @param engine what it waits with, for people, without blanks
     */
    record Ready(int port, String engine) {}

    private EchoMain() {}

    /** Takes the kind of the server. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        serve(start(args[0]));
    }

    /** Says that a server is ready, answers questions about its memory, and ends the process with its input. */
    static void serve(Ready ready) throws IOException {
        PrintStream answers = System.out;
        answers.println("ready " + ready.port() + " " + ready.engine());
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String question = requests.readLine(); question != null; question = requests.readLine()) {
            answers.println(question.equals(ALLOCATED) ? Heap.allocated() : Heap.usedAfterCollection());
        }
        // Not in order: ten thousand connections would take their time.
        Runtime.getRuntime().halt(0);
    }

    private static Ready start(String kind) throws IOException, GeneralSecurityException {
        return switch (kind) {
            case "heddle" -> EchoHeddle.start(1);
            case "heddle" + TLS, "heddle-openssl" + TLS -> EchoHeddle.startTls();
            case "heddle-2" -> EchoHeddle.start(2);
            case "nio" -> EchoSelector.start();
            case "threads" -> EchoThreads.start();
            case "threads" + TLS -> EchoThreads.startTls();
            case "netty-nio", "netty-epoll", "netty-io_uring" -> EchoNetty.start(kind);
            case "netty-nio" + TLS, "netty-epoll" + TLS -> EchoNetty.startTls(kind);
            default -> throw new IllegalArgumentException("no server is named " + kind);
        };
    }
}
