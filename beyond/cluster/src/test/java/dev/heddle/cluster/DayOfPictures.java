package dev.heddle.cluster;

import dev.heddle.cluster.internal.DirectoryView;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Lease;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import java.util.List;

/** The pictures of a directory on a {@link ClusterDay}: nothing is missing that was committed up to a picture's stamp. */
final class DayOfPictures {

    private static final Key LEFT = new Key("pairs", "left");
    private static final Key RIGHT = new Key("pairs", "right");

    private final Rules rules;

    DayOfPictures(Rules rules) {
        this.rules = rules;
    }

    /** Changes two entries by one commit. */
    void change(Cluster node) {
        Lease lease = node.lease();
        CommitOutcome outcome = lease.commits().commit(List.of(set(LEFT), set(RIGHT)));
        if (!(outcome instanceof CommitOutcome.Committed)) {
            lease.commits().commit(List.of(create(LEFT), create(RIGHT)));
        }
    }

    private static Op set(Key key) {
        return new Op.Set(key, Bytes.EMPTY, Op.ANY_VERSION);
    }

    private static Op create(Key key) {
        return new Op.Create(key, Bytes.EMPTY, Lifetime.DURABLE);
    }

    /** Looks at each picture for as long as the node is a member. */
    void watch(Cluster node) {
        Lease lease = node.lease();
        try (DirectoryView view = lease.openView(LEFT.directory())) {
            view.onPicture(picture -> look(node, picture));
            lease.over().join();
        }
    }

    private void look(Cluster node, Picture picture) {
        long left = changed(picture, LEFT);
        long right = changed(picture, RIGHT);
        // One that is newer than the stamp may have come before the other.
        rules.that(
                left == right || Math.max(left, right) > picture.stamp(),
                node.self().name() + " sees half of a commit at " + picture.stamp() + ": " + left + " and " + right);
    }

    private static long changed(Picture picture, Key key) {
        return picture.entries().get(key.name()) instanceof Entry entry ? entry.changed() : 0;
    }
}
