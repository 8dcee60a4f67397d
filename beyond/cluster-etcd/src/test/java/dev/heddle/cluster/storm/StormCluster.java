package dev.heddle.cluster.storm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes that work, and a fourth that asks them, each in a JVM of its own, with an engine between them:
 *
 * <pre>
 *   embedded              n1..n3 vote, n4 observes; between machines of their own if there are cables
 *   servers beside        each node has a line of its own to each of them
 *   always                n4 asks n1..n3 through a line to each, if there are no cables
 * </pre>
 */
final class StormCluster implements AutoCloseable {

    /** How many nodes work. */
    static final int WORKERS = 3;

    private static final int ALL = WORKERS + 1;

    /** A node that leaves waits for its jobs. */
    private static final long MAX_MILLIS = 6000;

    private final Path folder;
    private final Lines lines = new Lines();
    private final Map<Integer, List<Lines.Line>> linesOf = new HashMap<>();
    private final List<StormProcess> nodes = new ArrayList<>();
    private final @Nullable Cables cables;
    private @Nullable Servers servers;

    /** Starts all, and waits until they are ready. */
    StormCluster(StormJvm jvm, Path folder, Storm.Engine engine, boolean withCables, long timeoutMillis)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.cables = withCables ? Cables.lay() : null;
        boolean done = false;
        try {
            start(jvm, engine, timeoutMillis);
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private void start(StormJvm jvm, Storm.Engine engine, long timeoutMillis) throws IOException, InterruptedException {
        Servers beside = switch (engine) {
            case EMBEDDED -> null;
            case ZOOKEEPER -> Ensemble.zooKeeper(jvm, folder);
            case ETCD -> Ensemble.etcd(folder);
            case POSTGRES -> new Databases(folder);
        };
        servers = beside;
        String peers = IntStream.rangeClosed(1, ALL)
                .mapToObj(i -> i + "/" + host(i) + '/' + Ports.free() + '/' + Ports.free()
                        + (i <= WORKERS ? "/voter" : "/observer"))
                .collect(Collectors.joining(","));
        Cables between = cables;
        Path keys = between == null ? null : certificate();
        for (int i = 1; i <= ALL; i++) {
            int pool = Ports.free();
            List<Lines.Line> own = new ArrayList<>();
            linesOf.put(i, own);
            Map<String, String> options = new HashMap<>(Map.of(
                    "name", "n" + i, "folder", folder.toString(), "timeout", Long.toString(timeoutMillis), "long",
                    Long.toString(Math.min(2 * timeoutMillis, MAX_MILLIS)), "pool", Integer.toString(pool), "wire",
                    "1,1"));
            if (keys != null) {
                options.put("keys", keys.toString());
            }
            if (i <= WORKERS) {
                int port = between == null ? line(own, pool) : pool;
                options.put("address", host(i) + ':' + port);
            }
            if (beside == null) {
                options.put("peer", Integer.toString(i));
                options.put("peers", peers);
            } else {
                List<Integer> ports = IntStream.range(0, beside.count())
                        .mapToObj(server -> line(own, beside.client(server)))
                        .toList();
                options.put("engine", engine.name());
                options.put("servers", engine == Storm.Engine.POSTGRES
                        ? Databases.url(ports.get(0), ports.get(1))
                        : ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
            }
            nodes.add(new StormProcess(jvm, options, between == null ? List.of() : between.on(i)));
        }
        for (StormProcess node : nodes) {
            node.start();
        }
        for (StormProcess node : nodes) {
            node.awaitReady();
        }
    }

    private int line(List<Lines.Line> own, int port) {
        Lines.Line line = lines.to(port);
        own.add(line);
        return line.port();
    }

    private String host(int node) {
        return cables == null ? "127.0.0.1" : Cables.host(node);
    }

    /** One certificate for all machines, whose own signer it is. */
    private Path certificate() throws IOException, InterruptedException {
        Path keys = Files.createDirectories(folder.resolve("keys"));
        String names = IntStream.rangeClosed(1, ALL)
                .mapToObj(i -> "IP:" + Cables.host(i))
                .collect(Collectors.joining(",", "subjectAltName=", ",IP:127.0.0.1"));
        Path cert = keys.resolve("cert.pem");
        Path key = keys.resolve("key.pem");
        Signals.run(
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", key.toString(), "-out", cert.toString(), "-days", "3", "-subj", "/CN=storm", "-addext",
                names);
        Files.writeString(
                keys.resolve("identity.pem"), Files.readString(key) + Files.readString(cert), StandardCharsets.UTF_8);
        return keys;
    }

    /** One that works, from 1. */
    StormProcess node(int number) {
        return nodes.get(number - 1);
    }

    /** The one that asks the others. */
    StormProcess asker() {
        return nodes.get(WORKERS);
    }

    /** The servers beside the nodes; null if they are in them. */
    @Nullable Servers servers() {
        return servers;
    }

    Databases databases() {
        return (Databases) Objects.requireNonNull(servers);
    }

    /** Cuts a node off: silently if there are cables, else all of its lines are reset. */
    void cut(int node) throws IOException, InterruptedException {
        if (cables != null) {
            cables.pull(node);
        }
        lines(node).forEach(Lines.Line::cut);
    }

    void mend(int node) throws IOException, InterruptedException {
        if (cables != null) {
            cables.plug(node);
        }
        lines(node).forEach(Lines.Line::mend);
    }

    private List<Lines.Line> lines(int node) {
        return linesOf.getOrDefault(node, List.of());
    }

    /** Lets all nodes leave, the one that asks first. */
    void leave() throws IOException, InterruptedException {
        for (StormProcess node : nodes.reversed()) {
            node.leave();
        }
    }

    @Override
    public void close() {
        nodes.forEach(StormProcess::close);
        if (servers != null) {
            servers.close();
        }
        lines.close();
        if (cables != null) {
            cables.close();
        }
    }
}
