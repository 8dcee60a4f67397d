package dev.heddle.cluster.storm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Three servers of an engine beside the nodes, each in a process of its own. */
final class Ensemble implements Servers {

    private static final int SERVERS = 3;

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final List<List<String>> commands = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> clients = new ArrayList<>();
    private final Path folder;

    private Ensemble(Path folder) {
        this.folder = folder;
        for (int i = 0; i < SERVERS; i++) {
            clients.add(Ports.free());
        }
    }

    /** ZooKeeper, as it is delivered but for its page for administrators. */
    static Ensemble zooKeeper(StormJvm jvm, Path folder) throws IOException, InterruptedException {
        var ensemble = new Ensemble(folder);
        var servers = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            servers.append("server." + (i + 1) + "=127.0.0.1:" + Ports.free() + ':' + Ports.free() + '\n');
        }
        for (int i = 0; i < SERVERS; i++) {
            Path data = Files.createDirectories(folder.resolve("server-" + i));
            Files.writeString(data.resolve("myid"), (i + 1) + "\n");
            Path configuration = Files.writeString(folder.resolve("server-" + i + ".cfg"), """
                    tickTime=200
                    initLimit=20
                    syncLimit=5
                    dataDir=%s
                    clientPortAddress=127.0.0.1
                    clientPort=%d
                    maxClientCnxns=0
                    maxSessionTimeout=60000
                    """.formatted(data, ensemble.clients.get(i)) + servers);
            List<String> command = jvm.command(false, "-Xmx128m", "-Dzookeeper.admin.enableServer=false");
            command.addAll(
                    List.of("org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration.toString()));
            ensemble.commands.add(command);
        }
        return ensemble.started();
    }

    /** etcd, where it is installed. */
    static Ensemble etcd(Path folder) throws IOException, InterruptedException {
        var ensemble = new Ensemble(folder);
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            urls.add("http://127.0.0.1:" + Ports.free());
        }
        for (int i = 0; i < SERVERS; i++) {
            String client = "http://127.0.0.1:" + ensemble.clients.get(i);
            ensemble.commands.add(List.of(
                    "etcd", "--name", "n" + i, "--data-dir", folder.resolve("server-" + i).toString(),
                    "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls",
                    urls.get(i), "--initial-advertise-peer-urls", urls.get(i), "--initial-cluster",
                    "n0=" + urls.get(0) + ",n1=" + urls.get(1) + ",n2=" + urls.get(2), "--log-level", "error"));
        }
        return ensemble.started();
    }

    private Ensemble started() throws IOException, InterruptedException {
        boolean done = false;
        try {
            for (int i = 0; i < SERVERS; i++) {
                processes.add(begin(i));
            }
            for (int i = 0; i < SERVERS; i++) {
                awaitListening(i);
            }
            done = true;
            return this;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private Process begin(int server) throws IOException {
        return new ProcessBuilder(commands.get(server))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server-" + server + ".log").toFile()))
                .start();
    }

    private void awaitListening(int server) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), clients.get(server))) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !processes.get(server).isAlive()) {
                    throw new IOException("server " + server + " does not start: see " + folder, e);
                }
                Thread.sleep(20);
            }
        }
    }

    @Override
    public int count() {
        return SERVERS;
    }

    @Override
    public boolean outliveOne() {
        return true;
    }

    @Override
    public int client(int server) {
        return clients.get(server);
    }

    @Override
    public List<ProcessHandle> processes(int server) {
        return List.of(processes.get(server).toHandle());
    }

    @Override
    public void kill(int server) {
        processes.get(server).destroyForcibly().onExit().join();
    }

    @Override
    public void restart(int server) throws IOException, InterruptedException {
        processes.set(server, begin(server));
        awaitListening(server);
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
