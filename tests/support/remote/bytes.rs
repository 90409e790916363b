//! Answers that are wrong on the wire.

use super::fault::Fault;
use super::http::{Connection, Response};
use flate2::{Compress, Compression, FlushCompress};
use std::io;
use std::sync::OnceLock;
use std::time::Duration;

const GIGABYTE: usize = 1_000_000_000;
const BLOCK: usize = 1_000_000;

/// Writes a good answer in the fault's shape; false where the connection has to close.
pub async fn spoiled(connection: &mut Connection, fault: &Fault, response: &Response) -> io::Result<bool> {
    let body = &response.body;
    match fault {
        Fault::Truncated => {
            let head = response.head(&format!("content-length: {}\r\n", body.len().max(2)));
            connection.write(head.as_bytes()).await?;
            connection.write(&body[..body.len() / 2]).await?;
            Ok(false)
        }
        Fault::WrongLength => {
            let head = response.head(&format!("content-length: {}\r\n", body.len() - body.len() / 3));
            connection.write(head.as_bytes()).await?;
            connection.write(body).await?;
            Ok(true)
        }
        Fault::Endless => {
            connection.write(response.head("transfer-encoding: chunked\r\n").as_bytes()).await?;
            let chunk = format!("{BLOCK:x}\r\n{}\r\n", " ".repeat(BLOCK));
            loop {
                connection.write(chunk.as_bytes()).await?;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Fault::Slow => {
            let head = response.head(&format!("content-length: {}\r\n", body.len()));
            connection.write(head.as_bytes()).await?;
            for byte in body {
                connection.write(&[*byte]).await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Ok(true)
        }
        Fault::Huge => {
            connection.write(response.head(&format!("content-length: {GIGABYTE}\r\n")).as_bytes()).await?;
            let block = vec![b' '; BLOCK];
            for _ in 0..GIGABYTE / BLOCK {
                connection.write(&block).await?;
            }
            Ok(true)
        }
        Fault::GzipBomb => {
            let bomb = Response { body: bomb().to_vec(), ..response.clone() };
            connection.answer(&bomb.with("content-encoding", "gzip")).await?;
            Ok(true)
        }
        Fault::DuplicateMembers => {
            let doubled = Response { body: doubled(body), ..response.clone() };
            connection.answer(&doubled).await?;
            Ok(true)
        }
        _ => {
            connection.answer(response).await?;
            Ok(true)
        }
    }
}

/// The same JSON with one more first member of the first object, or of a list's first item.
fn doubled(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let start = text.find("[{").map(|at| at + 2).or_else(|| text.find('{').map(|at| at + 1));
    let name = start.and_then(|start| text[start..].split('"').nth(1));
    match (start, name) {
        (Some(start), Some(name)) => {
            format!("{}\"{name}\":\"twice\",{}", &text[..start], &text[start..]).into_bytes()
        }
        _ => b"{\"name\":\"once\",\"name\":\"twice\"}".to_vec(),
    }
}

/// A gzip of a gigabyte of spaces. Every block of the stream is flushed whole, so that one can be repeated.
fn bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let spaces = vec![b' '; BLOCK];
        let mut deflate = Compress::new(Compression::best(), false);
        let mut packed = Vec::with_capacity(BLOCK);
        deflate.compress_vec(&spaces, &mut packed, FlushCompress::Full).unwrap();
        let mut bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        for _ in 0..GIGABYTE / BLOCK {
            bomb.extend_from_slice(&packed);
        }
        bomb
    })
}
