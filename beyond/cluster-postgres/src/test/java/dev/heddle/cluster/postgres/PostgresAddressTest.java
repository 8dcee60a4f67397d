package dev.heddle.cluster.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.store.SqlStore;
import dev.heddle.cluster.store.StoreAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The address of a PostgreSQL becomes the URL of its driver, with the schema and the files of TLS. */
final class PostgresAddressTest {

    private static PostgresDialect dialect(StoreAddress address) {
        return ((PostgresStore) address.connect()).dialect();
    }

    @Test
    void addressBecomesTheUrlOfTheDriver() {
        PostgresDialect dialect = dialect(StoreAddress.of(
                "postgres://ada:x@db1:5433,db2/shop?schema=jobs&target_session_attrs=read-write&sslmode=require"));
        assertEquals(
                "jdbc:postgresql://db1:5433,db2/shop?targetServerType=primary&sslmode=require", dialect.url());
        assertEquals("ada", dialect.user());
        assertEquals("x", dialect.password());
        assertEquals("jobs", dialect.name());
        assertEquals("jdbc:postgresql:shop", dialect(StoreAddress.of("jdbc:postgresql:shop")).url());
    }

    @Test
    void filesOfTlsCheckTheServerUnlessTheAddressSaysLess() {
        Path file = Path.of("/etc/a b.pem");
        StoreAddress address = StoreAddress.of("postgres://db/shop").withTrust(file);
        assertEquals(
                "jdbc:postgresql://db/shop?sslrootcert=%2Fetc%2Fa+b.pem&sslmode=verify-full", dialect(address).url());
        assertTrue(dialect(address.withCertificate(file, file)).url().contains("&sslcert=%2Fetc%2Fa+b.pem&sslkey=%2F"));
        assertTrue(dialect(StoreAddress.of("postgres://db/shop?sslmode=verify-ca").withTrust(file)).url()
                .endsWith("?sslmode=verify-ca&sslrootcert=%2Fetc%2Fa+b.pem"));
    }

    @Test
    void schemaThatIsNoneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> StoreAddress.of("postgres://db/shop?schema=A;").connect());
        assertTrue(((SqlStore) StoreAddress.of("postgres://db/shop?schema=jobs").connect()).sql()
                .startsWith("create schema jobs;\n"));
    }
}
