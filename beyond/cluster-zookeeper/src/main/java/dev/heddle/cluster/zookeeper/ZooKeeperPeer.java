package dev.heddle.cluster.zookeeper;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of an ensemble, as the others know it.
 *
 * @param id 1 to 254, never used again for a server that has lost its data
 * @param host the name or address where the others reach it, the one in its certificate
 * @param quorumPort for the leader's followers
 * @param electionPort for votes
 * @param role what it is to be
 */
public record ZooKeeperPeer(int id, String host, int quorumPort, int electionPort, Role role) {

    private static final Pattern LINE = Pattern
            .compile("server\\.(\\d+)=\\[?([^]\\s]+?)]?:(\\d+):(\\d+)(?::(participant|observer))?(?:;.*)?");

    /** What a server is among the others. */
    public enum Role {

        /** Votes, and has a copy: three or five of them, on machines that pause seldom. */
        VOTER,

        /** Has a copy only: it costs the voters less, and may come and go. */
        OBSERVER
    }

    /** Checks the numbers. */
    public ZooKeeperPeer {
        if (id < 1 || id > 254) {
            throw new IllegalArgumentException("the id of a server is 1 to 254, not " + id);
        }
        requirePort(quorumPort);
        requirePort(electionPort);
        if (host.isBlank() || host.indexOf(';') >= 0 || host.indexOf('|') >= 0) {
            throw new IllegalArgumentException("no host: " + host);
        }
    }

    /** One that votes. */
    public static ZooKeeperPeer voter(int id, String host, int quorumPort, int electionPort) {
        return new ZooKeeperPeer(id, host, quorumPort, electionPort, Role.VOTER);
    }

    /** One that does not vote. */
    public static ZooKeeperPeer observer(int id, String host, int quorumPort, int electionPort) {
        return new ZooKeeperPeer(id, host, quorumPort, electionPort, Role.OBSERVER);
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
    }

    /** A line of ZooKeeper's configuration. */
    static ZooKeeperPeer parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no server: " + line);
        }
        return new ZooKeeperPeer(
                Integer.parseInt(parts.group(1)),
                parts.group(2),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                "observer".equals(parts.group(5)) ? Role.OBSERVER : Role.VOTER);
    }

    /** The line of ZooKeeper's configuration; without a port for clients, which the others need not know. */
    String line() {
        String address = host.indexOf(':') < 0 ? host : '[' + host + ']';
        String type = switch (role) {
            case VOTER -> "participant";
            case OBSERVER -> "observer";
        };
        return "server." + id + '=' + address + ':' + quorumPort + ':' + electionPort + ':' + type;
    }

    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
