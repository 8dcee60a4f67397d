package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.zookeeper.ZooKeeperPeer.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The options of the server of this JVM.
 */
public final class EmbeddedOptions {

    private final Path directory;
    private final ZooKeeperPeer self;
    private final List<ZooKeeperPeer> others;
    private final Optional<PemFiles> tls;
    private final Duration tick;
    private final Duration patience;

    /** Checks that the servers differ, that one votes, and that none talks to another machine in the clear. */
    private EmbeddedOptions(Path directory, ZooKeeperPeer self, List<ZooKeeperPeer> others, Optional<PemFiles> tls,
            Duration tick, Duration patience) {
        directory = directory.toAbsolutePath();
        others = List.copyOf(others);
        Set<Integer> ids = new HashSet<>(Set.of(self.id()));
        boolean votes = self.role() == Role.VOTER;
        boolean here = self.isLoopback();
        for (ZooKeeperPeer other : others) {
            if (!ids.add(other.id())) {
                throw new IllegalArgumentException("two servers have the id " + other.id());
            }
            votes |= other.role() == Role.VOTER;
            here &= other.isLoopback();
        }
        if (!votes) {
            throw new IllegalArgumentException("of the servers of an ensemble one at least must vote");
        }
        if (!here && tls.isEmpty()) {
            throw new IllegalArgumentException("servers on several machines need certificates: see withTls");
        }
        if (tick.toMillis() < 10 || tick.toMillis() > 60_000) {
            throw new IllegalArgumentException("a tick is between 10 ms and 1 min, not " + tick);
        }
        this.directory = directory;
        this.self = self;
        this.others = others;
        this.tls = tls;
        this.tick = tick;
        this.patience = patience;
    }

    /** For its data, its own alone. */
    public Path directory() {
        return directory;
    }

    /** What it is. */
    public ZooKeeperPeer self() {
        return self;
    }

    /** Where it finds the ensemble the first time; later it knows better from its directory. */
    public List<ZooKeeperPeer> others() {
        return others;
    }

    /** With which servers show each other who they are; may be empty only where all are on this machine. */
    public Optional<PemFiles> tls() {
        return tls;
    }

    /** ZooKeeper's unit of time: sessions last at least two, a silent server is given up after five. */
    public Duration tick() {
        return tick;
    }

    /** How long it may take to start, to find the others, to join, and to leave. */
    public Duration patience() {
        return patience;
    }

    /** With a tick of a second and a minute's patience, for servers on this machine. */
    public static EmbeddedOptions of(Path directory, ZooKeeperPeer self, ZooKeeperPeer... others) {
        return new EmbeddedOptions(
                directory, self, List.of(others), Optional.empty(), Duration.ofSeconds(1), Duration.ofMinutes(1));
    }

    /** As {@link #of}, for servers on several machines, which talk by mutual TLS. */
    public static EmbeddedOptions withTls(
            PemFiles tls, Path directory, ZooKeeperPeer self, ZooKeeperPeer... others) {
        return new EmbeddedOptions(
                directory, self, List.of(others), Optional.of(tls), Duration.ofSeconds(1), Duration.ofMinutes(1));
    }

    /** Another tick. */
    public EmbeddedOptions withTick(Duration tick) {
        return new EmbeddedOptions(directory, self, others, tls, tick, patience);
    }

    /** Another patience. */
    public EmbeddedOptions withPatience(Duration patience) {
        return new EmbeddedOptions(directory, self, others, tls, tick, patience);
    }

    Stream<ZooKeeperPeer> all() {
        return Stream.concat(Stream.of(self), others.stream());
    }

    @Override
    public String toString() {
        return "EmbeddedOptions[directory=" + directory + ", self=" + self + ", others=" + others + ", tls=" + tls
                + ", tick=" + tick + ", patience=" + patience + "]";
    }
}
