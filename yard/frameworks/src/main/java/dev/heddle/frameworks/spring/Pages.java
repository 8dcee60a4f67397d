package dev.heddle.frameworks.spring;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pages of others, from the application's properties.
 *
 * @param urls those whose sizes are told
 * @param timeout how long all of them together may take
 * @param news the page with the news
 * @param refresh how often the news are read
 */
@ConfigurationProperties("pages")
record Pages(List<String> urls, @DefaultValue("5s") Duration timeout, String news,
        @DefaultValue("1m") Duration refresh) {}
