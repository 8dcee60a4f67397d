package dev.heddle.cluster.postgres;

import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreProvider;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The PostgreSQL servers, by addresses like {@code postgres://heddle@db.example.org/shop?schema=jobs}, with the
 * parameters of the driver, or by its own URLs.
 *
 * <p>Files of TLS become the driver's {@code sslrootcert}, {@code sslcert} and {@code sslkey}; {@code sslmode} is
 * {@code verify-full} with them, if nothing is said.
 */
public final class PostgresStoreProvider implements StoreProvider {

    private static final String JDBC = "jdbc:postgresql:";

    private static final String SCHEMA = "schema=";

    /** For {@link java.util.ServiceLoader}. */
    public PostgresStoreProvider() {}

    @Override
    public List<String> prefixes() {
        return List.of("postgres://", "postgresql://", JDBC);
    }

    @Override
    public StoreEngine at(StoreAddress address) {
        String text = address.text();
        String url = text.startsWith(JDBC) ? text : JDBC + text.substring(text.indexOf("://") + 1);
        int question = url.indexOf('?');
        List<String> parameters = new ArrayList<>();
        String schema = "";
        for (String each : question < 0 ? new String[0] : url.substring(question + 1).split("&", -1)) {
            if (each.startsWith(SCHEMA)) {
                schema = each.substring(SCHEMA.length());
            } else {
                // What libpq calls it.
                parameters.add(each.matches("target_session_attrs=(read-write|primary)")
                        ? "targetServerType=primary"
                        : each);
            }
        }
        address.trust().ifPresent(file -> parameters.add("sslrootcert=" + encoded(file)));
        address.certificate().ifPresent(file -> parameters.add("sslcert=" + encoded(file)));
        address.key().ifPresent(file -> parameters.add("sslkey=" + encoded(file)));
        boolean hasFiles = address.trust().isPresent() || address.certificate().isPresent();
        if (hasFiles && parameters.stream().noneMatch(each -> each.startsWith("sslmode="))) {
            parameters.add("sslmode=verify-full");
        }
        String base = question < 0 ? url : url.substring(0, question);
        PostgresStore store = PostgresStore.at(
                base + (parameters.isEmpty() ? "" : '?' + String.join("&", parameters)));
        if (address.user().isPresent()) {
            store = store.withUser(address.user().get(), address.password().orElse(""));
        }
        return schema.isEmpty() ? store : store.withSchema(schema);
    }

    private static String encoded(Path file) {
        return URLEncoder.encode(file.toAbsolutePath().toString(), StandardCharsets.UTF_8);
    }
}
