package dev.heddle.frameworks.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The application: it reads pages of other servers and greetings of a database, and gives them to browsers. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Application {

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
