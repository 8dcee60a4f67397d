package dev.heddle.cli.command;

import dev.heddle.http.client.ProxySettings;
import java.util.Map;

/** The option {@code --proxy}: a URL, or {@code env} for what the environment says. */
public final class ProxyOption {

    private ProxyOption() {}

    /**
     * The settings.
     *
     * @throws UsageException if the URL, or what the environment says, is no proxy's, or the URL has a password in it:
     *     everybody on the machine can read command lines
     */
    public static ProxySettings parse(String text, Map<String, String> environment) {
        if (text.equals("env")) {
            return settings("--proxy env", environment);
        }
        if (text.isEmpty()) {
            throw new UsageException("--proxy needs a URL such as http://proxy:3128 or socks5://proxy, or env");
        }
        if (text.indexOf('@') >= 0) {
            throw new UsageException(
                    "--proxy takes no password; put the URL into the variable all_proxy and say --proxy env");
        }
        return settings("--proxy", Map.of("all_proxy", text));
    }

    private static ProxySettings settings(String option, Map<String, String> environment) {
        try {
            return ProxySettings.fromEnvironment(environment);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            // It names a variable, which the user of the option has not set.
            throw new UsageException(option.equals("--proxy")
                    ? "--proxy" + message.substring(message.indexOf(':'))
                    : option + ": " + message);
        }
    }
}
