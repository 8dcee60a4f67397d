package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.StoreAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The address of a store says who asks, and which artifact is missing; it never shows a password. */
final class StoreAddressTest {

    private static String missing(String address) {
        return assertThrows(IllegalStateException.class, () -> StoreAddress.of(address).connect()).getMessage();
    }

    private static void userIs(String address, String user, Optional<String> password, String text) {
        StoreAddress read = StoreAddress.of(address);
        assertEquals(Optional.of(user), read.user());
        assertEquals(password, read.password());
        assertEquals(text, read.text());
        assertFalse(password.isPresent() && read.toString().contains(password.get()), read.toString());
    }

    @Test
    void userAndPasswordAreTakenOutOfTheText() {
        userIs("postgres://ada@db/shop?schema=jobs", "ada", Optional.empty(), "postgres://db/shop?schema=jobs");
        userIs("postgres://ada:a%40b+c:d@db/shop", "ada", Optional.of("a@b+c:d"), "postgres://db/shop");
        userIs("jdbc:postgresql://db/shop?user=ada&ssl=true&password=x%26y", "ada", Optional.of("x&y"),
                "jdbc:postgresql://db/shop?ssl=true");
        userIs("https://ada:pw@etcd1:2379,https://etcd2:2379", "ada", Optional.of("pw"),
                "https://etcd1:2379,https://etcd2:2379");
        for (String secret : List.of("pa@ss", "pa/ss", "pa,ss", "pa?ss", "pa#ss")) {
            String refused = assertThrows(IllegalArgumentException.class,
                    () -> StoreAddress.of("postgres://ada:" + secret + "@db/shop")).getMessage();
            assertFalse(refused.contains(secret), refused);
        }
        assertEquals(Optional.empty(), StoreAddress.of("sqlite:/home/ada@x/shop.db").user());
        assertEquals("sqlite:a?password=1", StoreAddress.of("sqlite:a?password=1").text());
    }

    @Test
    void userThatIsGivenCountsMoreThanTheOneInTheText() {
        StoreAddress address = StoreAddress.of("postgres://ada:x@db/shop").withUser("bob");
        assertEquals(Optional.of("bob"), address.user());
        assertEquals(Optional.empty(), address.password());
        assertEquals("postgres://db/shop as bob", address.withUser("bob", "secret").toString());
        StoreAddress tls = address.withTrust(Path.of("a")).withCertificate(Path.of("b"), Path.of("c"));
        assertEquals(Optional.of(Path.of("c")), tls.withUser("x", "y").key());
        assertEquals(Optional.of(Path.of("a")), tls.trust());
    }

    @Test
    void missingArtifactIsToldByItsName() {
        assertTrue(missing("postgres://db/shop").contains("dev.heddle:heddle-cluster-postgres"));
        assertTrue(missing("jdbc:postgresql://db/shop").contains("heddle-cluster-postgres"));
        assertTrue(missing("sqlite:shop.db").contains("heddle-cluster-sqlite"));
        assertTrue(missing("https://etcd:2379").contains("heddle-cluster-etcd"));
        assertTrue(missing("zk1:2181,zk2:2181/apps").contains("heddle-cluster-zookeeper"));
        assertTrue(missing("zk1").contains("zookeeper:zk1 needs"));
        assertTrue(assertThrows(IllegalStateException.class, () -> Cluster.local(Path.of("x.db"))).getMessage()
                .contains("heddle-cluster-sqlite"));
    }

    @Test
    void addressThatNoStoreHasIsTold() {
        String refused = assertThrows(IllegalArgumentException.class, () -> StoreAddress.of("slqite:a").connect())
                .getMessage();
        assertTrue(refused.contains("slqite:a") && refused.contains("sqlite:"), refused);
        assertThrows(IllegalArgumentException.class, () -> StoreAddress.of(" "));
    }

    @Test
    void memoryNeedsNoArtifact() {
        assertTrue(StoreAddress.of("memory:").connect() instanceof InMemoryStore);
    }
}
