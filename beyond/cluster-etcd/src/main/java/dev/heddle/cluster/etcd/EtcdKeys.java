package dev.heddle.cluster.etcd;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import java.nio.charset.StandardCharsets;

/**
 * The keys of one cluster in etcd's flat space. Entries stand below {@code heddle/cluster/e/}, the directory and two
 * slashes, which no directory has: so none contains another. Sessions stand below {@code heddle/cluster/s/}.
 *
 * @param cluster the name of the cluster
 */
record EtcdKeys(String cluster) {

    byte[] key(Key key) {
        return bytes(prefix(key.directory()) + key.name());
    }

    byte[] session(long id) {
        return bytes("heddle/" + cluster + "/s/" + Long.toHexString(id));
    }

    /** What comes next to a key. */
    byte[] after(Key key) {
        return bytes(prefix(key.directory()) + key.name() + '\0');
    }

    /** Where the keys of a directory begin. */
    byte[] first(String directory) {
        return bytes(prefix(directory));
    }

    /** What comes behind the keys of a directory. */
    byte[] end(String directory) {
        byte[] end = first(directory);
        end[end.length - 1]++;
        return end;
    }

    /** @throws GatewayException if it is none of this directory */
    Key parse(Bytes key, String directory) {
        String text = key.utf8();
        String prefix = prefix(directory);
        if (text.startsWith(prefix)) {
            try {
                return new Key(directory, text.substring(prefix.length()));
            } catch (IllegalArgumentException e) {
                throw GatewayException.badAnswer("a key that is no name");
            }
        }
        throw GatewayException.badAnswer("a key that was not asked for");
    }

    /** An entry; etcd counts versions from 1. */
    Entry entry(EtcdAnswer found, String directory) {
        return new Entry(parse(found.bytes("key"), directory), found.bytes("value"), found.number("version") - 1,
                found.number("create_revision"), found.number("mod_revision"), found.number("lease"));
    }

    private String prefix(String directory) {
        return "heddle/" + cluster + "/e/" + directory + "//";
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
