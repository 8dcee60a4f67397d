package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.heddle.Loop;
import dev.heddle.Waiter;
import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.Terminal;
import dev.heddle.cli.command.WindowSize;
import dev.heddle.cli.demo.DemoSite;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterMutex;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.NodeProgram;
import dev.heddle.http.server.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The command that does a little of everything and prints nothing: what it loads and compiles is recorded by the
 * launcher, so that the other commands start fast. Not in the help.
 */
final class TrainingCommand extends Command {

    private static final int PAGES = 1_000;
    private static final int ANSWER_BYTES = 4096;
    private static final long TRY_EVERY_NANOS = 1_000_000;
    private static final int MAX_TRIES = 3;

    TrainingCommand() {
        super("training", "record what the other commands load", """
                Usage: heddle training [serve | node]

                Does a little of everything, or what a server of files does, or a node of a cluster that comes and
                goes. The launcher runs it after a build, before the first server and before the first node.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        var nowhere = new CommandStreams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                () -> Terminal.DEFAULT_COLUMNS);
        if (arguments.equals(List.of("serve"))) {
            return serve(nowhere);
        }
        new WindowSize().columns();
        SSLContext.getDefault().createSSLEngine().getSupportedProtocols();
        if (!arguments.isEmpty()) {
            return node(nowhere);
        }
        Main.run(List.of("--version"), nowhere);
        Main.run(List.of("demo", "--pages", Integer.toString(PAGES)), nowhere);
        Main.run(List.of("ps"), nowhere);
        return fetch(nowhere);
    }

    /** Again on other ports if the first ones were taken before the node had them. */
    private static int node(CommandStreams nowhere) throws Exception {
        int exit = Exit.NOT_ALL;
        for (int tries = 0; exit != Exit.FINE && tries < MAX_TRIES; tries++) {
            exit = nodeOnce(nowhere);
        }
        return exit;
    }

    /** A cluster of one node in a directory of its own, which leaves at once. */
    private static int nodeOnce(CommandStreams nowhere) throws Exception {
        Path directory = Files.createTempDirectory("heddle-training");
        try {
            String cluster = directory.resolve("training").toString();
            Main.run(List.of("node", "init", cluster, "a=127.0.0.1:" + freePort()), nowhere);
            return Main.run(List.of("node", "--embedded", cluster + "/a", "--program", Visit.class.getName()), nowhere);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** A directory of one page, served until this process tells itself to stop. */
    private static int serve(CommandStreams nowhere) throws Exception {
        Path directory = Files.createTempDirectory("heddle-training");
        Path page = Files.writeString(directory.resolve("index.html"), "A page.");
        int port = freePort();
        Thread visitor = Thread.ofPlatform().daemon().start(() -> visit(port));
        try {
            List<String> words = List.of("serve", directory.toString(), "-p", Integer.toString(port));
            return Main.run(words, nowhere) == Exit.TERMINATED ? Exit.FINE : Exit.NOT_ALL;
        } finally {
            visitor.interrupt();
            Files.delete(page);
            Files.delete(directory);
        }
    }

    /** A client that loads no class that a server would not. */
    private static void visit(int port) {
        try (Socket socket = connect(port)) {
            for (String path : List.of("/", "/index.html", "/", "/", "/none")) {
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
                // Short answers come whole.
                if (socket.getInputStream().read(new byte[ANSWER_BYTES]) < 0) {
                    break;
                }
            }
        } catch (IOException e) {
            // What was not done will be missing in the cache.
        } finally {
            stop();
        }
    }

    /** By the signal that ends a server; Java has no way to send one to itself. */
    private static void stop() {
        if (!Thread.interrupted()) {
            try {
                new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).start();
            } catch (IOException noSuchProgram) {
                Runtime.getRuntime().halt(Exit.NOT_ALL);
            }
        }
    }

    private static Socket connect(int port) throws IOException {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException notYet) {
                LockSupport.parkNanos(TRY_EVERY_NANOS);
            }
        }
        throw new ConnectException("the server has ended");
    }

    /** If another program takes it or the next ones meanwhile, there is no cache, and starts are slower. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What the node of the training does. */
    public static final class Visit implements NodeProgram {

        @Override
        public void run(Cluster cluster, ClusterPool pool, List<String> arguments) {
            ClusterMutex mutex = cluster.mutex("training");
            mutex.acquire();
            mutex.release();
        }
    }

    private static int fetch(CommandStreams nowhere) throws Exception {
        try (Loop loop = Loop.start(CommandLoops.CONFIG.withName("site").withSignals(false))) {
            var address = new CompletableFuture<String>();
            loop.spawn(() -> {
                HttpServer server = new DemoSite(PAGES).server().start("127.0.0.1", 0);
                address.complete(server.address());
                new Waiter("the end of the training").await();
            });
            Main.run(List.of("bench", "-n", Integer.toString(PAGES), "http://" + address.get() + "/page/1"), nowhere);
            List<String> words = new ArrayList<>(List.of("fetch", "--json", "-c", "20", "no URL"));
            for (int i = 0; i < PAGES; i++) {
                words.add("http://" + address.get() + "/page/" + i);
            }
            return Main.run(words, nowhere) == Exit.NOT_ALL ? Exit.FINE : Exit.NOT_ALL;
        }
    }
}
