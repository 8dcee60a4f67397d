package dev.heddle.cli.node;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a node, as {@code heddle node init} makes it: who it is, and with what it shows that.
 *
 * <pre>
 *   node.properties   its name and address, the cluster, and the nodes that were known when it was made
 *   node.pem          its key and its certificate
 *   trust.pem         the certificate of the authority that signs those of all nodes
 *   store             the data of its ZooKeeper server, if it has one
 *   started           that server has run: from then on it is an error if its data are gone
 * </pre>
 *
 * @param founder whether it is one of the nodes with which the cluster begins
 * @param replaces the number of the node that is lost and whose place it takes; 0 if there is none
 * @param others the other nodes that are known, which may be fewer than there are
 */
record NodeFiles(
        Path directory, String cluster, NodeAddress self, boolean founder, int replaces, List<NodeAddress> others) {

    static final String IDENTITY = "node.pem";

    static final String TRUST = "trust.pem";

    private static final String PROPERTIES = "node.properties";

    /** Copies the others. */
    NodeFiles {
        others = List.copyOf(others);
    }

    /**
     * Reads the directory.
     *
     * @throws FailureException if it is none of a node
     */
    static NodeFiles read(Path directory) {
        var lines = new Properties();
        Path file = directory.resolve(PROPERTIES);
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        } catch (NoSuchFileException e) {
            throw new FailureException(
                    directory + " is no directory of a node; heddle node init makes those of a cluster", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new FailureException("cannot read " + file + ": " + e.getMessage(), e);
        }
        String self = required(lines, file, "node");
        List<NodeAddress> others = new ArrayList<>();
        for (String name : lines.stringPropertyNames().stream().sorted().toList()) {
            if (name.startsWith("other.")) {
                others.add(address(file, name.substring("other.".length()), lines.getProperty(name, "")));
            }
        }
        return new NodeFiles(
                directory, required(lines, file, "cluster"), address(file, required(lines, file, "id"), self),
                required(lines, file, "founder").equals("true"), number(file, lines.getProperty("replaces", "0")),
                others);
    }

    private static String required(Properties lines, Path file, String name) {
        String value = lines.getProperty(name);
        if (value == null) {
            throw new FailureException(file + " does not say " + name);
        }
        return value;
    }

    private static NodeAddress address(Path file, String id, String text) {
        try {
            return NodeAddress.parseLine(number(file, id), text);
        } catch (UsageException e) {
            throw damaged(file, e);
        }
    }

    private static int number(Path file, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw damaged(file, e);
        }
    }

    private static FailureException damaged(Path file, RuntimeException e) {
        return new FailureException(file + " is damaged: " + e.getMessage(), e);
    }

    /** Writes who it is. */
    void write() throws IOException {
        var text = new StringBuilder();
        text.append("cluster=").append(cluster).append('\n');
        text.append("id=").append(self.id()).append('\n');
        text.append("node=").append(self.line()).append('\n');
        text.append("founder=").append(founder).append('\n');
        text.append("replaces=").append(replaces).append('\n');
        for (NodeAddress other : others) {
            text.append("other.").append(other.id()).append('=').append(other.line()).append('\n');
        }
        Files.writeString(directory.resolve(PROPERTIES), text);
    }

    Path identityFile() {
        return directory.resolve(IDENTITY);
    }

    Path trustFile() {
        return directory.resolve(TRUST);
    }

    Path store() {
        return directory.resolve("store");
    }

    /** Whether its server has run before. */
    boolean hasStarted() {
        return Files.exists(directory.resolve("started"));
    }

    /** From now on it has. */
    void started() {
        try {
            Files.writeString(directory.resolve("started"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The certificates of the nodes to believe. */
    TlsTrust trust() {
        try {
            return TlsTrust.pem(trustFile());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new FailureException("cannot take " + trustFile() + ": " + e.getMessage(), e);
        }
    }

    /**
     * The key and the certificate, looked at before others do: they would only say that there was an alert.
     *
     * @throws FailureException if it cannot be read, its time is not now, it is not for this node's host, or another
     *     authority has signed it
     */
    TlsIdentity identity() {
        TlsIdentity identity;
        try {
            identity = TlsIdentity.pem(identityFile(), identityFile());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new FailureException("cannot take " + identityFile() + ": " + e.getMessage(), e);
        }
        X509Certificate own = identity.certificate();
        try {
            own.checkValidity();
            if (!names(own).contains(plain(self.host()))) {
                throw wrong("is for " + names(own) + ", and the others reach this node at " + self.host(), null);
            }
            own.verify(NodeCertificates.read(trustFile()).getPublicKey());
        } catch (CertificateExpiredException e) {
            throw wrong("was valid until " + own.getNotAfter().toInstant(), e);
        } catch (CertificateNotYetValidException e) {
            throw wrong("is valid from " + own.getNotBefore().toInstant() + ": is this machine's clock right?", e);
        } catch (GeneralSecurityException e) {
            throw wrong("was not signed by the authority in " + trustFile(), e);
        }
        return identity;
    }

    private FailureException wrong(String why, @Nullable Throwable cause) {
        String text = "the certificate in " + identityFile() + ' ' + why;
        return cause == null ? new FailureException(text) : new FailureException(text, cause);
    }

    private static List<String> names(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null ? List.of() : names.stream().map(name -> plain(String.valueOf(name.get(1)))).toList();
    }

    /** An address in the one of its spellings that Java prefers. */
    private static String plain(String host) {
        return host.indexOf(':') < 0 ? host : InetAddress.ofLiteral(host).getHostAddress();
    }
}
