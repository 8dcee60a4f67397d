package dev.heddle.frameworks.shop;

import dev.heddle.Heddle;
import dev.heddle.cluster.JobAttempt;
import dev.heddle.cluster.JobSubscription;
import dev.heddle.cluster.Jobs;
import dev.heddle.cluster.store.Bytes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The letters that this service writes, as those of the other nodes do. */
@Configuration(proxyBeanMethods = false)
class LetterWriter {

    @Bean
    JobSubscription handling(Jobs letters, JdbcTemplate jdbc) {
        return letters.handle("confirm", 2, job -> Heddle.offload(() -> write(job, jdbc)));
    }

    /** Once, however often it is begun: the order's id is the key. */
    private static Bytes write(JobAttempt job, JdbcTemplate jdbc) {
        jdbc.update("INSERT INTO letters (id) VALUES (?) ON CONFLICT (id) DO NOTHING", job.payload().utf8());
        return Bytes.EMPTY;
    }
}
