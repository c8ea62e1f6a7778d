//! Starting, watching, stopping and killing the program.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::database::Database;

pub const ADMIN: &str = "admin";
pub const ADMIN_PASSWORD: &str = "correct-horse-battery-staple";
pub const ADMIN_EMAIL: &str = "admin@example.com";

/// How long a start may take: a debug build on a busy machine that migrates first.
const START: Duration = Duration::from_secs(30);
/// Memory of its own that a server may have after it was treated badly; pages of the program's file are not.
const MOST_MEMORY_KIB: u64 = 128 * 1024;

/// A data folder, a database, a port and settings: what outlives a process.
pub struct Installation {
    // Before the folder: nothing may write into it any more when it is removed.
    pub database: Arc<Database>,
    folder: TempDir,
    port: u16,
    variables: BTreeMap<String, String>,
    output: Output,
}

/// Everything the processes of an installation wrote so far.
#[derive(Clone, Default)]
pub struct Output {
    standard: Arc<Mutex<String>>,
    error: Arc<Mutex<String>>,
}

impl Output {
    pub fn standard(&self) -> String {
        self.standard.lock().unwrap().clone()
    }

    pub fn error(&self) -> String {
        self.error.lock().unwrap().clone()
    }
}

/// A running process. Dropping it kills it.
pub struct Server {
    child: Child,
    port: u16,
    output: Output,
}

/// What a command that is no server said.
pub struct Said {
    pub status: ExitStatus,
    pub standard: String,
    pub error: String,
}

impl Said {
    /// Both streams.
    pub fn all(&self) -> String {
        format!("{}{}", self.standard, self.error)
    }
}

impl Installation {
    /// Empty, with an administrator to be created at the first start.
    pub fn new() -> Installation {
        Installation::without_admin()
            .with("PIERHEAD_ADMIN_USERNAME", ADMIN)
            .with("PIERHEAD_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .with("PIERHEAD_ADMIN_EMAIL", ADMIN_EMAIL)
    }

    /// Empty, waiting to be set up.
    pub fn without_admin() -> Installation {
        Installation::on(Arc::new(Database::fresh()))
    }

    /// A second replica's: its own folder and port, another's database.
    pub fn on(database: Arc<Database>) -> Installation {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        let port = free_port();
        let mut variables = BTreeMap::from([
            ("PIERHEAD_LISTEN".to_string(), format!("127.0.0.1:{port}")),
            ("PIERHEAD_DATA_DIR".to_string(), folder.path().join("data").display().to_string()),
            ("PIERHEAD_LOG__REQUESTS".to_string(), "all".to_string()),
            ("PIERHEAD_REGISTRY__TOKEN_LIFETIME".to_string(), "1h".to_string()),
        ]);
        variables.extend(database.url().map(|url| ("PIERHEAD_DATABASE_URL".to_string(), url)));
        Installation { database, folder, port, variables, output: Output::default() }
    }

    /// With one more setting.
    pub fn with(mut self, variable: &str, value: impl ToString) -> Installation {
        self.variables.insert(variable.to_string(), value.to_string());
        self
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn storage(&self) -> PathBuf {
        self.data_dir().join("storage")
    }

    /// A place beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder that commands are run from.
    pub fn working_directory(&self) -> PathBuf {
        self.folder.path().join("empty")
    }

    pub fn output(&self) -> &Output {
        &self.output
    }

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pierhead"));
        command.env_clear().envs(&self.variables).current_dir(self.working_directory());
        command
    }

    /// Starts serving and waits until `/health/ready` is 200.
    pub fn start(&self) -> Server {
        let mut server = self.start_unready();
        server.wait_until_ready();
        server
    }

    /// Starts serving and does not wait.
    pub fn start_unready(&self) -> Server {
        let mut command = self.command();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        collect(child.stdout.take().unwrap(), self.output.standard.clone());
        collect(child.stderr.take().unwrap(), self.output.error.clone());
        Server { child, port: self.port, output: self.output.clone() }
    }

    /// Runs a command that ends by itself, such as `["user", "list"]`, with `input` on its standard input.
    pub fn run(&self, arguments: &[&str], input: &str) -> Said {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that fails before it reads is no fault of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { status: output.status, standard: text(output.stdout), error: text(output.stderr) }
    }
}

impl Server {
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Waits until `/health/ready` is 200.
    pub fn wait_until_ready(&mut self) {
        let started = Instant::now();
        while self.status_of("/health/ready") != Some(200) {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended at start with {status}");
            }
            assert!(started.elapsed() < START, "the server is not ready after {START:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The status of a GET on a connection of its own; none without an answer.
    pub fn status_of(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect_timeout(&self.address(), Duration::from_secs(5)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address()).ok()?;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(answer.get(9..12)?).parse().ok()
    }

    /// SIGKILL, as the kernel's out-of-memory killer or a power failure of the process would.
    pub fn kill(mut self) {
        self.end();
    }

    /// SIGTERM, without waiting.
    pub fn ask_to_stop(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end of the process.
    pub fn wait_for_end(&mut self, patience: Duration) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < patience, "the server has not stopped after {patience:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGTERM and the exit status.
    pub fn stop(mut self) -> ExitStatus {
        self.ask_to_stop();
        self.wait_for_end(Duration::from_secs(20))
    }

    pub fn own_memory_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Whether it lives, answered nothing with 500 and panicked nowhere.
    pub fn is_unharmed(&self) {
        assert_eq!(self.status_of("/health/live"), Some(200), "the server lives");
        self.had_no_accident();
    }

    /// Whether it is unharmed and did not grow.
    pub fn is_well(&self) {
        self.is_unharmed();
        let own = self.own_memory_kib();
        assert!(own < MOST_MEMORY_KIB, "the server holds {own} KiB");
    }

    /// Whether nothing in the log says that something went wrong inside.
    pub fn had_no_accident(&self) {
        let log = self.output.error();
        let bad = |line: &&str| line.contains("\"status\":500") || line.contains("panicked");
        let accidents: Vec<&str> = log.lines().filter(bad).collect();
        assert!(accidents.is_empty(), "{accidents:#?}");
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
        if thread::panicking() {
            let log = self.output.error();
            let lines: Vec<&str> = log.lines().filter(|line| !line.contains("\"INFO\"")).collect();
            eprintln!("the end of the server's log:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
        }
    }
}

fn collect(from: impl Read + Send + 'static, into: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let Ok(line) = line else { return };
            let mut text = into.lock().unwrap();
            text.push_str(&line);
            text.push('\n');
        }
    });
}

/// Below the ports that the system gives to outgoing connections: a server that is down keeps its port.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let offset = (std::process::id() as u16).wrapping_mul(97).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 10_000 + offset % 20_000;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
