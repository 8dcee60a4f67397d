package dev.heddle.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A ZooKeeper server alone in a process: its disk and its threads are the same for all sides that ask it. */
final class ZooKeeperMain {

    private static final int TICK_MILLIS = 2000;
    private static final int MAX_CONNECTIONS = 100;

    private ZooKeeperMain() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("zookeeper.admin.enableServer", "false");
        Path directory = Files.createTempDirectory("zookeeper");
        var factory = new NIOServerCnxnFactory();
        factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MAX_CONNECTIONS);
        factory.startup(new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS));
        System.out.println("ready " + factory.getLocalPort());
        while (System.in.read() >= 0) {}
        factory.shutdown();
    }
}
