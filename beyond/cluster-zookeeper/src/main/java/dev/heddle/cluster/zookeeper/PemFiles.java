package dev.heddle.cluster.zookeeper;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files with which one side of a TLS connection shows who it is and checks the other, in PEM's form. A server takes
 * others that are put in their place while it runs.
 *
 * @param identity the private key and the chain of its certificates, the own one first
 * @param trust the certificates of those that may have signed the other's, each of another name: of several with the
 *     same, ZooKeeper takes one
 */
public record PemFiles(Path identity, Path trust) {

    /**
     * Checks that they are there.
     *
     * @throws IllegalArgumentException if one cannot be read, or is no regular file
     */
    public PemFiles {
        identity = readable(identity);
        trust = readable(trust);
    }

    private static Path readable(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot read the PEM file " + file);
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("the PEM file " + file + " is no regular file, and ZooKeeper reads it"
                    + " again and again");
        }
        return file.toAbsolutePath();
    }
}
