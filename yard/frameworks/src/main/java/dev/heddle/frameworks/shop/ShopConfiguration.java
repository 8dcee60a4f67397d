package dev.heddle.frameworks.shop;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.postgres.PostgresStore;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The node of the cluster that the service is, upon the database that it has its orders in. */
@Configuration(proxyBeanMethods = false)
class ShopConfiguration {

    @Bean
    Loop loop() {
        return Loop.start(Config.DEFAULT.withName("heddle"));
    }

    @Bean
    Cluster cluster(
            Loop loop,
            @Value("${spring.datasource.url}") String url,
            @Value("${spring.datasource.username}") String user,
            @Value("${spring.datasource.password}") String password) {
        PostgresStore store = PostgresStore.at(url).withUser(user, password);
        return loop.spawn(() -> Cluster.join(ClusterOptions.of("shop", store))).join();
    }

    @Bean
    Jobs letters(Cluster cluster) {
        return cluster.jobs("letters");
    }
}
