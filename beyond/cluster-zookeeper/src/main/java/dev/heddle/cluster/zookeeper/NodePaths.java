package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.store.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The paths of a cluster's entries among ZooKeeper's nodes: {@code /heddle/CLUSTER/DIRECTORY/NAME}. A directory is one
 * node, whatever its depth, with {@code :} for {@code /}: so nothing is both an entry and a directory.
 */
record NodePaths(String root) {

    static NodePaths of(String chroot, String cluster) {
        return new NodePaths(chroot + "/heddle/" + cluster);
    }

    /** The root and what it stands in, from the top. */
    List<String> roots() {
        List<String> paths = new ArrayList<>();
        for (int slash = root.indexOf('/', 1); slash > 0; slash = root.indexOf('/', slash + 1)) {
            paths.add(root.substring(0, slash));
        }
        paths.add(root);
        return paths;
    }

    String of(String directory) {
        return root + '/' + directory.replace('/', ':');
    }

    String of(Key key) {
        return of(key.directory()) + '/' + key.name();
    }

    /** The entry of a node; none of what somebody else has put there. */
    static Optional<Key> key(String directory, String name) {
        try {
            return Optional.of(new Key(directory, name));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
