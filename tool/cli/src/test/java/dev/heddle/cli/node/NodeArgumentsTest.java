package dev.heddle.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.Member;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.store.StoreAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The options of a node are read, and wrong ones are told. */
final class NodeArgumentsTest {

    @TempDir
    Path directory;

    private String node;

    @BeforeEach
    void makeNode() {
        Path shop = directory.resolve("shop");
        CommandLine.run("node", "init", shop.toString(), "a=127.0.0.1:7100");
        node = shop.resolve("a").toString();
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> NodeArguments.parse(List.of(words))).getMessage();
    }

    @Test
    void optionsSayWhatTheNodeIs() {
        NodeArguments arguments = NodeArguments.parse(List.of(
                "--embedded", node, "-l", "gpu=yes,disk=ssd", "--labels", "rack=", "-w", "3", "--drain", "5s",
                "--program", "shop.Main", "x", "--", "-y"));
        assertEquals("a", arguments.files().self().name());
        assertNull(arguments.store());
        assertEquals(Map.of("gpu", "yes", "disk", "ssd", "rack", ""), arguments.labels());
        assertEquals(3, arguments.workers());
        assertEquals(Duration.ofSeconds(5), arguments.drain());
        assertEquals("shop.Main", arguments.program());
        assertEquals(List.of("x", "-y"), arguments.programArguments());
        assertEquals(
                Map.of("gpu", "yes", "disk", "ssd", "rack", "", "pool", "127.0.0.1:7100", "workers", "3", "program",
                        "abc", "store", "voter"),
                NodeFacts.labels(arguments, "abc"));
    }

    @Test
    void storeThatIsThereNeedsTheKeysOfTheNodeAllTheSame() {
        List<String> words = List.of("--join", "http://etcd1:2379,http://etcd2:2379", "--keys", node);
        StoreAddress store = NodeArguments.parse(words).store();
        assertNotNull(store);
        assertEquals("shop", NodeArguments.parse(words).files().cluster());
        assertEquals("etcd at http://etcd1:2379, http://etcd2:2379", ClusterAddress.connect(store).toString());
        assertTrue(refusal("--join", "zk1:2181").startsWith("--join needs --keys DIR"));
        assertTrue(refusal("-w", "3").startsWith("it needs --embedded DIR, or --join STORE and --keys DIR"));
        assertTrue(refusal("--join", "x", "--embedded", node).startsWith("--embedded and --join are two ways"));
    }

    @Test
    void addressOfAStoreTellsItsKind() {
        assertEquals("ZooKeeper at zk1:2181,zk2:2181/apps", engine("zk1:2181,zk2:2181/apps"));
        assertEquals("PostgreSQL at //db:5433/shop as heddle", engine("postgres://heddle@db:5433/shop?schema=jobs"));
        assertEquals("PostgreSQL at //db/shop", engine("jdbc:postgresql://db/shop?sslmode=require"));
        assertEquals("PostgreSQL at //db/shop as ada", engine("postgresql://db/shop", "--user", "ada"));
        assertEquals("SQLite in /var/lib/shop.db", engine("sqlite:/var/lib/shop.db"));
        assertTrue(refusal(() -> engine("https://etcd/x")).startsWith("--join: an endpoint is http:// or https://"));
        assertTrue(refusal(() -> engine("mysql://db/shop")).startsWith("--join: no store has the address mysql://"));
    }

    private String engine(String store, String... words) {
        return ClusterAddress.connect(tls(store, words)).toString();
    }

    @Test
    void passwordStandsInAFileAndNeverAmongTheArguments() throws IOException {
        String refused = refusal(() -> tls("postgres://heddle:sesame@db/shop"));
        assertTrue(refused.contains("HEDDLE_STORE_PASSWORD") && !refused.contains("sesame"), refused);
        assertTrue(refusal(() -> tls("jdbc:postgresql://db/shop?user=a&password=sesame")).contains("--pass-file FILE"));
        Path file = Files.writeString(directory.resolve("password"), "sesame\n");
        StoreAddress store = tls("postgres://heddle@db/shop", "--pass-file", file.toString());
        assertEquals(Optional.of("sesame"), store.password());
        assertFalse((store + " " + store.connect()).contains("sesame"));
        assertTrue(failure("zk1:2181", "--user", "a", "--pass-file", file + "x")
                .startsWith("--pass-file: cannot read"));
        assertTrue(refusal(() -> tls("zk1:2181", "--pass-file", file.toString())).contains("needs --user NAME"));
        assertTrue(refusal(() -> engine("https://etcd:2379", "--user", "a")).contains("a user of etcd has a password"));
    }

    @Test
    void filesOfTlsAreForAStoreThatHasIt() throws IOException {
        String pem = node + "/node.pem";
        String copy = Files.copy(Path.of(pem), directory.resolve("key.pem")).toString();
        String trust = node + "/trust.pem";
        assertNotNull(ClusterAddress.connect(tls("https://etcd:2379", "--cert", pem, "--trust", trust)));
        assertNotNull(ClusterAddress.connect(tls("https://etcd:2379", "--cert", pem, "--key", pem)));
        assertTrue(refusal(() -> engine("http://etcd:2379", "--trust", trust)).contains("http:// has no TLS"));
        assertTrue(refusal(() -> engine("https://a,http://b", "--trust", trust)).contains("http:// has no TLS"));
        assertTrue(refusal(() -> engine("zk1:2281", "--trust", trust)).contains("TLS to ZooKeeper is mutual"));
        assertTrue(refusal(() -> engine("zk1:2281", "--cert", pem, "--key", copy, "--trust", trust))
                .contains("leave the key out"));
        assertTrue(refusal(() -> tls("zk1:2281", "--key", pem)).startsWith("--key needs --cert FILE"));
        assertTrue(refusal("--embedded", node, "--trust", trust).startsWith("--cert, --key and --trust go with"));
    }

    @Test
    void fileOfTlsThatIsNoneIsToldByItsName() {
        String gone = directory.resolve("gone.pem").toString();
        String properties = node + "/node.properties";
        assertTrue(failure("https://etcd", "--trust", gone).startsWith("--trust: cannot take " + gone));
        assertTrue(failure("https://etcd", "--cert", properties).startsWith("--cert: cannot take " + properties));
        assertTrue(failure("zk1:2281", "--cert", gone, "--trust", gone).startsWith("--cert: cannot take " + gone));
    }

    private StoreAddress tls(String servers, String... words) {
        List<String> all = new ArrayList<>(List.of("--join", servers, "--keys", node));
        all.addAll(List.of(words));
        StoreAddress store = NodeArguments.parse(all).store();
        assertNotNull(store);
        return store;
    }

    private String failure(String servers, String... words) {
        return assertThrows(FailureException.class, () -> tls(servers, words)).getMessage();
    }

    private static String refusal(Executable body) {
        return assertThrows(UsageException.class, body).getMessage();
    }

    @Test
    void wrongValuesAreTold() {
        assertTrue(refusal("--embedded", node, "-l", "gpu").startsWith("a label is written NAME=VALUE"));
        assertEquals("the label pool is set by the node itself", refusal("--embedded", node, "-l", "pool=x:1"));
        assertTrue(refusal("--embedded", node, "more").endsWith("Arguments are for --program CLASS"));
        assertTrue(refusal("--embedded", node, "--class-path", "nowhere").startsWith("--class-path is for the script"));
        assertTrue(refusal("--embedded", node, "--cluster", "a b").startsWith("--cluster needs a name"));
    }

    @Test
    void clusterThatIsNotMeantIsRefused() {
        String refused = assertThrows(
                FailureException.class, () -> NodeArguments.parse(List.of("--embedded", node, "--cluster", "bar")))
                .getMessage();
        assertEquals(node + " is that of a node of the cluster shop, not of bar", refused);
    }

    @Test
    void membersWithAnotherClassPathAreStrangers() {
        Member same = member("a", Map.of("program", "1"));
        Member other = member("b", Map.of("program", "2"));
        Member silent = member("c", Map.of());
        assertEquals(List.of(other), NodeFacts.strangers(List.of(same, other, silent), "1"));
    }

    private static Member member(String name, Map<String, String> labels) {
        return new Member(name, new Token(1, 1), labels);
    }
}
