package dev.heddle.cluster.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.conformance.FreePorts;
import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real etcd, one server or several, on this machine. Blocks; {@link #call} is for tasks. */
final class RealEtcd implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/etcd");

    private final Path folder;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<Process> servers = new ArrayList<>();
    private final List<String> options;
    private final String scheme;

    /** Starts it and waits until it has a leader. */
    RealEtcd(Path folder, int count) {
        this(folder, count, "http://", List.of());
    }

    private RealEtcd(Path folder, int count, String scheme, List<String> options) {
        assumeTrue(Files.isExecutable(PROGRAM), "etcd is not installed");
        this.folder = folder;
        this.scheme = scheme;
        this.options = options;
        for (int i = 0; i < count; i++) {
            clientPorts.add(FreePorts.next());
            peerPorts.add(FreePorts.next());
        }
        for (int i = 0; i < count; i++) {
            servers.add(begin(i));
        }
        awaitAll();
    }

    /** One server with TLS that wants to see a certificate of its clients. Its own, and theirs, is cert.pem, with key.pem. */
    static RealEtcd withTls(Path folder) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        String cert = folder.resolve("cert.pem").toString();
        String key = folder.resolve("key.pem").toString();
        run("/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1");
        return new RealEtcd(folder, 1, "https://",
                List.of("--cert-file", cert, "--key-file", key, "--client-cert-auth", "--trusted-ca-file", cert));
    }

    /** The URLs of all servers. */
    String[] endpoints() {
        return clientPorts.stream().map(port -> scheme + "127.0.0.1:" + port).toArray(String[]::new);
    }

    /** Kills a server, and what it has not written is lost. */
    void kill(int server) {
        Process process = servers.get(server);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts a killed server again. */
    void restart(int server) {
        servers.set(server, begin(server));
    }

    /** Sends a signal to a server: STOP, CONT. */
    void signal(int server, String name) {
        run("kill", "-" + name, "" + servers.get(server).pid());
    }

    /** The place of the server that leads; -1 if none does. */
    int leader() {
        for (int i = 0; i < servers.size(); i++) {
            EtcdAnswer status = status(i);
            if (!status.text("leader").isEmpty()
                    && status.text("leader").equals(status.object("header").text("member_id"))) {
                return i;
            }
        }
        return -1;
    }

    /** Waits until every server has a leader. */
    void awaitAll() {
        long begin = System.nanoTime();
        for (int i = 0; i < servers.size(); i++) {
            while (status(i).text("leader").isEmpty()) {
                if (System.nanoTime() - begin > Duration.ofSeconds(60).toNanos()) {
                    throw new AssertionError("etcd has no leader: see " + folder);
                }
            }
        }
    }

    private EtcdAnswer status(int server) {
        try {
            Path cert = folder.resolve("cert.pem");
            Path key = folder.resolve("key.pem");
            return EtcdAnswer.of(run("curl", "-s", "-k", "--cert", cert.toString(), "--key", key.toString(),
                    "--max-time", "2", "-d", "{}", endpoints()[server] + "/v3/maintenance/status")
                    .getBytes(StandardCharsets.UTF_8));
        } catch (GatewayException e) {
            return EtcdAnswer.EMPTY;
        }
    }

    /** Calls a server as an operator would; gives what it says. */
    EtcdAnswer call(String path, Map<String, ?> body) {
        try (var http = HttpClient.create()) {
            return EtcdAnswer
                    .of(http.request("POST", endpoints()[0] + path).body(EtcdAnswer.JSON.write(body)).send().bytes());
        }
    }

    @Override
    public void close() {
        servers.forEach(Process::destroyForcibly);
        servers.forEach(server -> server.onExit().join());
    }

    private Process begin(int server) {
        List<String> peers = new ArrayList<>();
        for (int i = 0; i < peerPorts.size(); i++) {
            peers.add("n" + i + "=http://127.0.0.1:" + peerPorts.get(i));
        }
        String client = scheme + "127.0.0.1:" + clientPorts.get(server);
        String peer = "http://127.0.0.1:" + peerPorts.get(server);
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "--name", "n" + server,
                "--data-dir", folder.resolve("n" + server).toString(),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", String.join(",", peers), "--log-level", "error"));
        command.addAll(options);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("n" + server + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(10, TimeUnit.SECONDS);
            return said;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
