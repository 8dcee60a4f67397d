package dev.heddle.frameworks.spring;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.http.client.HttpClient;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The configuration of what the application has of Heddle. Spring closes both beans when the last bean that uses them has ended. */
@Configuration(proxyBeanMethods = false)
class HeddleConfiguration {

    @Bean
    Loop loop() {
        return Loop.start(Config.DEFAULT.withName("heddle"));
    }

    @Bean
    HttpClient client() {
        return HttpClient.create();
    }

    @Bean
    MeterBinder loopMeters(Loop loop) {
        return registry -> registry.gauge("heddle.tasks", loop, each -> each.statistics().aliveTasks());
    }
}
