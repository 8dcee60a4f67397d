package dev.heddle.cli.node;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.zookeeper.EmbeddedOptions;
import dev.heddle.cluster.zookeeper.EmbeddedZooKeeper;
import dev.heddle.cluster.zookeeper.PemFiles;
import dev.heddle.cluster.zookeeper.ZooKeeperPeer;

/**
 * The ZooKeeper server of a node.
 *
 * <p>The first nodes of a cluster vote, at most {@value #MAX_VOTERS} of them: more cost each commit a wait for more
 * disks. All others have a copy only. Who takes the place of one that is lost has its vote.
 */
final class EmbeddedStore {

    static final int MAX_VOTERS = 5;

    private EmbeddedStore() {}

    /**
     * Starts it: the first time it begins the ensemble, together with the other founders, or joins it; later it comes
     * back to it. Waits until it serves.
     */
    static EmbeddedZooKeeper start(NodeFiles node) {
        EmbeddedOptions options = EmbeddedOptions.withTls(
                new PemFiles(node.identityFile(), node.trustFile()), node.store(), peer(node.self()),
                node.others().stream().map(EmbeddedStore::peer).toArray(ZooKeeperPeer[]::new));
        EmbeddedZooKeeper server = node.hasStarted()
                ? EmbeddedZooKeeper.restart(options)
                : node.founder()
                        ? EmbeddedZooKeeper.found(options)
                        : node.replaces() > 0
                                ? EmbeddedZooKeeper.replace(node.replaces(), options)
                                : EmbeddedZooKeeper.join(options);
        node.started();
        return server;
    }

    /** That of a node that runs on this machine. */
    static StoreEngine at(NodeFiles node) {
        return EmbeddedZooKeeper.at(node.store());
    }

    private static ZooKeeperPeer peer(NodeAddress node) {
        int quorumPort = node.port() + 1;
        int electionPort = node.port() + 2;
        return node.voter()
                ? ZooKeeperPeer.voter(node.id(), node.host(), quorumPort, electionPort)
                : ZooKeeperPeer.observer(node.id(), node.host(), quorumPort, electionPort);
    }

    /** What to say where the jars of a store are not on the class path. */
    static FailureException missing(NoClassDefFoundError e) {
        return new FailureException("a jar of the store is not on the class path, " + e.getMessage()
                + " is missing: start it by the script heddle, or put the jars of the directory cluster there", e);
    }
}
