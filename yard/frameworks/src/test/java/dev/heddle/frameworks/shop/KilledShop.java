package dev.heddle.frameworks.shop;

import dev.heddle.Heddle;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.JobSpec;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.postgres.PostgresStore;
import dev.heddle.cluster.store.Bytes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A process that places one order after another until it is killed. It is the service, by Spring Boot, or a program that
 * does the same by JDBC alone and starts sooner. It prints a line when the first is placed.
 */
final class KilledShop {

    private KilledShop() {}

    /** @param arguments "boot" or "jdbc"; the URL; the user; the password; how many orders */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("boot")) {
            boot(arguments);
        } else {
            jdbc(arguments);
        }
    }

    private static void boot(String... arguments) {
        try (ConfigurableApplicationContext shop = new SpringApplicationBuilder(ShopApplication.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.datasource.url", arguments[1],
                        "spring.datasource.username", arguments[2],
                        "spring.datasource.password", arguments[3],
                        "logging.level.root", "error"))
                .run()) {
            Orders orders = shop.getBean(Orders.class);
            place(arguments, id -> orders.place(id, "tea"));
        }
    }

    private static void jdbc(String... arguments) throws Exception {
        PostgresStore store = PostgresStore.at(arguments[1]).withUser(arguments[2], arguments[3]);
        Heddle.run(() -> {
            try (Cluster cluster = Cluster.join(ClusterOptions.of("shop", store))) {
                Jobs letters = cluster.jobs("letters");
                Heddle.offload(() -> {
                    try (Connection connection = DriverManager.getConnection(
                            arguments[1], arguments[2], arguments[3])) {
                        connection.setAutoCommit(false);
                        place(arguments, id -> place(connection, letters, id));
                    }
                    return true;
                });
            }
        });
    }

    private static void place(Connection connection, Jobs letters, String id) {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (id, item) VALUES (?, 'tea')")) {
            insert.setString(1, id);
            insert.executeUpdate();
            letters.submit(connection, JobSpec.of("confirm", Bytes.utf8(id)).withId("order " + id));
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void place(String[] arguments, Consumer<String> order) {
        for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
            if (i == 1) {
                System.out.println("begins");
            }
            order.accept(UUID.randomUUID().toString());
        }
    }
}
