package dev.heddle.cluster.sqlite;

import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreProvider;
import java.nio.file.Path;
import java.util.List;

/** The files of SQLite, by addresses like {@code sqlite:/var/lib/shop.db}. */
public final class SqliteStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public SqliteStoreProvider() {}

    @Override
    public List<String> prefixes() {
        return List.of("sqlite:", "jdbc:sqlite:");
    }

    @Override
    public StoreEngine at(StoreAddress address) {
        if (address.user().isPresent() || address.certificate().isPresent() || address.trust().isPresent()) {
            throw new IllegalArgumentException("a file of SQLite has no user and no TLS: the rights of the file count");
        }
        String path = address.text().substring(address.text().indexOf("sqlite:") + "sqlite:".length());
        if (path.isEmpty() || path.startsWith("//") || path.startsWith(":")) {
            throw new IllegalArgumentException(
                    "behind sqlite: comes the path of a file, as in sqlite:shop.db or sqlite:/var/lib/shop.db");
        }
        return SqliteStore.at(Path.of(path));
    }
}
